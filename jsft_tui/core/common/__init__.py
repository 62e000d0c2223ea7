"""What every subject uses: errors, findings, text, durations, strict YAML."""
