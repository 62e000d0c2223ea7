"""The tags of models, endpoint configurations, endpoints and transform jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jsft_tui.sandbox.http.sagemaker_api import MAX_TAGS, SageMakerService, tag_list
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.serving.resources.errors import not_found
from jsft_tui.sandbox.serving.resources.records import Endpoint, EndpointConfig, Model, Resource, TransformJob
from jsft_tui.sandbox.serving.resources.store import ServingStore
from jsft_tui.sandbox.state.documents import Documents


class ServingTags(SageMakerService):
    """AddTags, ListTags and DeleteTags of what serving keeps."""

    def __init__(self, store: ServingStore) -> None:
        self._kinds: Mapping[str, tuple[type[Resource], Documents[Any]]] = {
            Model.kind: (Model, store.models),
            EndpointConfig.kind: (EndpointConfig, store.configs),
            Endpoint.kind: (Endpoint, store.endpoints),
            TransformJob.kind: (TransformJob, store.transform_jobs),
        }
        super().__init__(
            {
                "AddTags": self._add,
                "ListTags": self._list,
                "DeleteTags": self._delete,
            }
        )

    def handles(self, call: Call) -> bool:
        """Return whether the call is about tags of one of these kinds."""
        return super().handles(call) and _kind_and_name(call)[0] in self._kinds

    def _add(self, call: Call) -> dict[str, Any]:
        added = {tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]}

        def tagged(resource: Resource) -> Resource:
            tags = {**resource.tags, **added}
            if len(tags) > MAX_TAGS:
                raise ApiError("ResourceLimitExceeded", f"A resource can have at most {MAX_TAGS} tags.")
            return replace(resource, tags=tags)

        return {"Tags": tag_list(self._change(call, tagged).tags)}

    def _list(self, call: Call) -> dict[str, Any]:
        # All fit on one page: MaxResults is at least 50, the limit of tags.
        return {"Tags": tag_list(self._change(call, lambda resource: resource).tags)}

    def _delete(self, call: Call) -> dict[str, Any]:
        gone = set(call.parameters["TagKeys"])
        self._change(
            call,
            lambda each: replace(each, tags={key: value for key, value in each.tags.items() if key not in gone}),
        )
        return {}

    def _change(self, call: Call, change: Callable[[Resource], Resource]) -> Resource:
        word, name = _kind_and_name(call)
        kind, resources = self._kinds[word]
        try:
            found: Resource = resources.update(call.region, name, change)
        except KeyError as problem:
            raise not_found(kind, call.region, name) from problem
        return found


def _kind_and_name(call: Call) -> tuple[str, str]:
    kind, _, name = str(call.parameters.get("ResourceArn", "")).rpartition(":")[2].partition("/")
    return kind, name
