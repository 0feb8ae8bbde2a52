"""What somebody who never used a command wants to know first: each command's `--help` begins with it."""

from collections.abc import Mapping

ABOUT: Mapping[str, str] = {
    "demo": "A local Slack with the bot in it opens in your browser: no account and no settings are needed. Ctrl-C "
    "ends it; the next time it goes on where it was.",
    "sandbox": "A local Slack by itself. It says which settings a bot needs to talk to it instead of the real one; "
    "then ./run start in another terminal.",
    "start": "The bot, for a real Slack workspace. It runs until Ctrl-C or SIGTERM. Settings come from the environment "
    "and the file .env; ./run doctor says what is missing.",
    "doctor": "Examines the settings, the database, Slack and what waits to be sent, and says what to do about each "
    "trouble. It changes nothing unless you say --try-again.",
    "manifest": "Prints what Slack makes the app from: paste it at api.slack.com/apps, Create New App, From a "
    "manifest. Without options the app uses Socket Mode and needs no public address.",
    "import": "Takes over a portfolio or a spreadsheet: all of a file or nothing of it. What is known already is not "
    "taken twice.",
    "report": "The figures of the portfolio, now or at an instant before. It only reads, and asks nothing of Slack.",
    "preview": "Everything that the bot will send by itself in the next days, to whom, when and why. It sends nothing.",
    "migrate": "Brings the database up to date, as ./run start does by itself. Make a backup first.",
    "backup": "Writes all of the database into one private file, while the bot goes on, and reads it through.",
    "restore": "Puts a backup in the place of the database. Stop the bot first.",
    "export": "Writes all records of a workspace into one file, which ./run import takes.",
    "erase": "Takes a person out of what is kept: their name, hours, days off and answers. What they did stays, as "
    "somebody's. Without --yes it only says what would be done.",
    "workspaces": "Lists the workspaces in which the app is installed, where it is one that several install.",
    "keys": "Prints a new key for the setting STATIONMASTER_KEYS, with which tokens are sealed.",
}
