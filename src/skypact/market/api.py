"""The REST interface: one router an app, errors as problem documents (RFC 9457)."""

import skypact
from skypact.market.batteries.api import router as batteries
from skypact.market.catalogue.api import router as catalogue
from skypact.market.core.contract import Interface
from skypact.market.core.parameters import refuse_unknown
from skypact.market.core.problems import install_problem_handlers
from skypact.market.coverage.api import router as coverage
from skypact.market.documents.api import router as documents
from skypact.market.federation.api import router as changes
from skypact.market.interop.api import router as interop
from skypact.market.kits.api import router as kits
from skypact.market.lab.api import router as lab
from skypact.market.pictures.api import router as pictures
from skypact.market.prices.api import router as prices
from skypact.market.ratings.api import router as ratings
from skypact.market.reports.api import router as reports
from skypact.market.searches.api import router as searches
from skypact.market.suppliers.api import router as submissions

api = Interface(title="skypact", version=skypact.__version__, urls_namespace="api", docs_url="/docs")
install_problem_handlers(api)
api.add_decorator(refuse_unknown, mode="view")
api.add_router("/catalogue/changes", changes)
api.add_router("/catalogue", catalogue)
api.add_router("/documents", documents)
api.add_router("/kits", reports)
api.add_router("/kits", kits)
api.add_router("/kits", coverage)
api.add_router("/ratings", ratings)
api.add_router("/prices", prices)
api.add_router("/searches", searches)
api.add_router("/submissions", submissions)
api.add_router("/batteries", batteries)
api.add_router("/interop", interop)
api.add_router("/lab", lab)
api.add_router("/pictures", pictures)
