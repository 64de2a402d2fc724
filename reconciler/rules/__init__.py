"""What reviewers refuse, one small pure function a rule; and which of it counts here."""
