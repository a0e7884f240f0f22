"""Files that were sent, kept in memory."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a request."""

    name: str
    content: bytes
    mime_type: str


class Files:
    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}
        self._documents: dict[str, dict[str, Any]] = {}
        self._photos: dict[str, list[dict[str, Any]]] = {}

    def add(self, upload: Upload, size: int | None = None) -> dict[str, Any]:
        """Keep a file; returns the Bot API's `Document`, which says this size if there is one."""
        number = len(self._documents) + 1
        file_id = f"sandbox-file-{number}"
        self._content[file_id] = upload.content
        self._documents[file_id] = {
            "file_id": file_id,
            "file_unique_id": f"unique-{number}",
            # Telegram keeps the last part of a name and drops any folder before it.
            "file_name": upload.name.replace("\\", "/").rpartition("/")[2],
            "mime_type": upload.mime_type,
            "file_size": len(upload.content) if size is None else size,
        }
        return self._documents[file_id]

    def add_photo(self, content: bytes, width: int, height: int) -> list[dict[str, Any]]:
        """Keep a photo; returns the Bot API's `PhotoSize`s, of which there is one here."""
        number = len(self._photos) + 1
        file_id = f"sandbox-photo-{number}"
        self._content[file_id] = content
        self._photos[file_id] = [
            {
                "file_id": file_id,
                "file_unique_id": f"unique-photo-{number}",
                "width": width,
                "height": height,
                "file_size": len(content),
            }
        ]
        return self._photos[file_id]

    def photo(self, file_id: str) -> list[dict[str, Any]] | None:
        return self._photos.get(file_id)

    def document(self, file_id: str) -> dict[str, Any] | None:
        return self._documents.get(file_id)

    def content(self, file_id: str) -> bytes | None:
        return self._content.get(file_id)
