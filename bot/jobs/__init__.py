"""What the clock starts. A job is to the timetable what a handler is to Slack; running one twice changes nothing."""
