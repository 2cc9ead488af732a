"""Results and labelled articles → pages, figures and Markdown for people to read."""
