"""Click models: what choices say about an item once the place it was shown in is accounted for."""

from queries.evidence.click_models.choose import Strength, strength_of_counts, strength_of_lists
from queries.evidence.click_models.coec import COECFit, fit_coec
from queries.evidence.click_models.identifiability import Identifiability, identifiability
from queries.evidence.click_models.ips import ClippingReport, IPSFit, fit_ips
from queries.evidence.click_models.pbm import PBMFit, fit_pbm
from queries.evidence.click_models.sdbn import ListCounts, SDBNFit, fit_sdbn, list_counts

__all__ = [
    "COECFit",
    "ClippingReport",
    "IPSFit",
    "Identifiability",
    "ListCounts",
    "PBMFit",
    "SDBNFit",
    "Strength",
    "fit_coec",
    "fit_ips",
    "fit_pbm",
    "fit_sdbn",
    "identifiability",
    "list_counts",
    "strength_of_counts",
    "strength_of_lists",
]
