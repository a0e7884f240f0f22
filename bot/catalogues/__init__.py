"""Public catalogues of papers: what arXiv and Crossref say of a link."""

from bot.catalogues.catalogues import Catalogues

__all__ = ["Catalogues"]
