"""Objects in S3: URIs, listings, checksums, archives, previews."""
