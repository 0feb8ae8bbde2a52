"""`./run doctor`: what is right, what is missing, and what to do about it, in the order one would mend it."""

from bot.doctor.round import run_doctor

__all__ = ["run_doctor"]
