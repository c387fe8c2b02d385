"""The panel as a page in a browser, and its interface for other programs, on this computer only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velora_core.application import Application
    from velora_core.features.page import Page
    from velora_core.storage.page_access import PageAccess

    from .server import Site

__all__ = ["start_page"]


def start_page(app: Application, page: Page, access: PageAccess) -> Site:
    """Start serving the page; on the worker, because importing it takes long.

    Args:
        app: whose panel it is.
        page: the door to its threads.
        access: who may come in.

    Raises:
        PagePortsTaken: there is no port to be had.
    """
    from .shared_pages import SharedPages

    return SharedPages(page.memory).start(app, page, access)
