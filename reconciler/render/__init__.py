"""Plans, problems, outcomes and boards become text or JSON: one file a format and subject."""
