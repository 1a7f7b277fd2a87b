"""What a kit's sensors see, on a map: layers, sensors tried elsewhere, profiles, blind areas."""
