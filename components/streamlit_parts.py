"""What the course leans on in Streamlit and the server below it that is no public interface, all in one file.

A newer Streamlit may change any of it. `tests/unit/test_streamlit_parts.py` and `tests/e2e/test_streamlit_parts.py` say
which part that is; everything else in the course uses what Streamlit documents.
"""

import starlette.formparsers
from streamlit.navigation.page import Page as StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = [
    "CLASSES",
    "TEST_IDS",
    "StreamlitPage",
    "UploadedFile",
    "forget_upload",
    "keep_uploads_in_memory",
    "session_id",
]

TEST_IDS = (
    "InputInstructions",
    "stButtonGroup",
    "stCaptionContainer",
    "stFileChip",
    "stFileChipIconSpinner",
    "stFileChipName",
    "stFileUploader",
    "stFileUploaderDropzone",
    "stFileUploaderDropzoneInstructions",
    "stHeader",
    "stMainBlockContainer",
    "stMarkdownContainer",
    "stNumberInputField",
    "stPageLink",
    "stPageLink-NavLink",
    "stPopoverBody",
    "stSelectbox",
    "stSelectboxVirtualDropdown",
    "stTextInputField",
    "stToast",
    "stTopNavLink",
    "stVerticalBlock",
)
"""The values of data-testid by which style sheets and browser modules find parts of Streamlit's page."""

CLASSES = ("stApp", "js-plotly-plot")
"""Class names of Streamlit's and Plotly's that the style sheets use. (`st-key-…` is documented.)"""


def session_id() -> str:
    """Return Streamlit's id of this visitor's session, or "" outside one."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def forget_upload(file: UploadedFile) -> None:
    """Make Streamlit forget an uploaded file at once, not when its visitor has left."""
    context = get_script_run_ctx()
    if context is not None:
        # Without this method, the file stays until its visitor leaves. A test notices that; pages go on working.
        remove = getattr(context.uploaded_file_mgr, "remove_file", None)
        if remove is not None:
            remove(session_id=context.session_id, file_id=file.file_id)


def keep_uploads_in_memory(most_bytes: int) -> None:
    """Keep uploads of at most this many bytes in memory, off the disk.

    Starlette, which receives them for Streamlit, writes uploads of more than 1 MB to a temporary file.
    """
    starlette.formparsers.MultiPartParser.spool_max_size = most_bytes
