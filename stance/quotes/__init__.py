"""Article → who says what: quotation marks, cues, speakers and their canonical names."""
