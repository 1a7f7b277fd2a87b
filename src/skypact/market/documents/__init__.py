"""Files that belong to listings: kept by their content, handed out as downloads, never rendered or run."""
