"""What every Markdown document is made of: tables, folds, and a length that is kept."""
