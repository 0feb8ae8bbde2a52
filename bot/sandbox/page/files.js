// Files that a message carries: pictures are shown, everything else can be saved.

import { el, icon } from "./dom.js";
import { renderImage } from "./pictures.js";
import { fileAddress } from "./server.js";

const KILO = 1000;
const UNITS = ["bytes", "kB", "MB", "GB"];

export const renderFiles = (files) => el("ul.files", { "aria-label": "Files" },
  files.map((file) => el("li", {}, isPicture(file) ? renderPicture(file) : renderLink(file))));

const isPicture = ({ mimetype }) => /^image\/(png|jpeg|gif)$/.test(mimetype);

const renderPicture = (file) => el("figure", {},
  el("figcaption", {}, file.title), renderImage({ slack_file: { id: file.id }, alt_text: file.alt_txt || file.title }));

const renderLink = (file) => el("a.file", { href: fileAddress(file.id), download: file.name },
  icon("file"), el("bdi", {}, file.title), el("span.note", {}, sizeOf(file.size)));

function sizeOf(bytes) {
  const power = Math.min(Math.floor(Math.log(bytes) / Math.log(KILO)), UNITS.length - 1);
  const amount = bytes / KILO ** power;
  return `${amount < 10 && power ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`;
}
