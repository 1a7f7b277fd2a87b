"""What people hand on of finished kits: the site report, and the comparison of two kits."""
