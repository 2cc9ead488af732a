"""Reports on disk: read again, compared, reproduced, listed."""
