"""What commands print of jobs, searches and transforms."""
