"""Slack's limits and error words, and the one validator of everything sent to Slack."""

from bot.slack_rules.checks import check_message, check_options_answer, check_submission_answer, check_view, text_size
from bot.slack_rules.errors import PERMANENT_ERRORS, RETRYABLE_ERRORS
from bot.slack_rules.kinds import Problem

__all__ = [
    "PERMANENT_ERRORS",
    "RETRYABLE_ERRORS",
    "Problem",
    "check_message",
    "check_options_answer",
    "check_submission_answer",
    "check_view",
    "text_size",
]
