"""What a listing costs and when it arrives, from offers or from the requirement's named assumptions."""

from skypact.engines.supply.agreeing import Terms, terms
from skypact.engines.supply.pricing import Price, assumption_for, unit_price
from skypact.engines.supply.promise import LeadTime, completion, lead_time

__all__ = ["LeadTime", "Price", "Terms", "assumption_for", "completion", "lead_time", "terms", "unit_price"]
