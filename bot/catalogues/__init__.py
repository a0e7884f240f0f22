"""Public catalogues of papers: what arXiv and Crossref say of a link."""

from bot.catalogues.catalogues import Catalogues
from bot.catalogues.short_links import ShortLinks

__all__ = ["Catalogues", "ShortLinks"]
