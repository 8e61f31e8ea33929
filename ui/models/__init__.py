"""What tables show: rows that are all there, and rows that are fetched page by page."""
