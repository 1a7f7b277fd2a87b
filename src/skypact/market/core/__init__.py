"""What every app of the market stands on: actions, the event log, actors, paging, the page frame."""
