"""Serve SageMaker's API of models, endpoint configurations and endpoints, and the tags of all that serving keeps.

The members of answers are those of the output shapes in botocore's service model.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from jsft_tui.sandbox.http.sagemaker_api import SageMakerService, described
from jsft_tui.sandbox.http.service import Call
from jsft_tui.sandbox.serving.hosting.descriptions import config_members, endpoint_members
from jsft_tui.sandbox.serving.hosting.engine import ServingEngine
from jsft_tui.sandbox.serving.hosting.request_validation import Account, check_config, check_endpoint, check_model
from jsft_tui.sandbox.serving.resources.errors import in_progress, invalid, name_taken, not_found
from jsft_tui.sandbox.serving.resources.listing import page_of
from jsft_tui.sandbox.serving.resources.records import (
    Deployment,
    Endpoint,
    EndpointConfig,
    EndpointStatus,
    Model,
    Resource,
    Variant,
)
from jsft_tui.sandbox.serving.resources.store import ServingStore
from jsft_tui.sandbox.state.documents import Documents, NameTaken

R = TypeVar("R", bound=Resource)


class HostingService(SageMakerService):
    """The operations of models, endpoint configurations and endpoints."""

    def __init__(self, store: ServingStore, account: Account, engine: ServingEngine) -> None:
        self._store = store
        self._account = account
        self._engine = engine
        self._creating = threading.Lock()
        super().__init__(
            {
                "CreateModel": self._create_model,
                "DescribeModel": self._describe_model,
                "ListModels": self._list_models,
                "DeleteModel": self._delete_model,
                "CreateEndpointConfig": self._create_config,
                "DescribeEndpointConfig": self._describe_config,
                "ListEndpointConfigs": self._list_configs,
                "DeleteEndpointConfig": self._delete_config,
                "CreateEndpoint": self._create_endpoint,
                "UpdateEndpoint": self._update_endpoint,
                "DescribeEndpoint": self._describe_endpoint,
                "ListEndpoints": self._list_endpoints,
                "DeleteEndpoint": self._delete_endpoint,
            }
        )

    # Models

    def _create_model(self, call: Call) -> dict[str, Any]:
        name = call.parameters["ModelName"]
        if self._store.models.find(call.region, name) is not None:
            raise name_taken(Model, call.region, name)
        check_model(call.parameters, call.region, self._account)
        return {"ModelArn": _created(self._store.models, _new(Model, call, name)).arn}

    def _describe_model(self, call: Call) -> dict[str, Any]:
        model = _get(self._store.models, Model, call.region, call.parameters["ModelName"])
        members = {**model.request, "ModelArn": model.arn, "CreationTime": model.created}
        return described("DescribeModel", {"EnableNetworkIsolation": False, **members})

    def _list_models(self, call: Call) -> dict[str, Any]:
        page, more = page_of(self._store.models.all(call.region), call.parameters)
        rows = [{"ModelName": each.name, "ModelArn": each.arn, "CreationTime": each.created} for each in page]
        return {"Models": rows, **more}

    def _delete_model(self, call: Call) -> dict[str, Any]:
        _delete(self._store.models, Model, call.region, call.parameters["ModelName"])
        return {}

    # Endpoint configurations

    def _create_config(self, call: Call) -> dict[str, Any]:
        name = call.parameters["EndpointConfigName"]
        if self._store.configs.find(call.region, name) is not None:
            raise name_taken(EndpointConfig, call.region, name)
        check_config(call.parameters, call.region, lambda model: self._store.models.find(call.region, model))
        return {"EndpointConfigArn": _created(self._store.configs, _new(EndpointConfig, call, name)).arn}

    def _describe_config(self, call: Call) -> dict[str, Any]:
        config = _get(self._store.configs, EndpointConfig, call.region, call.parameters["EndpointConfigName"])
        return described("DescribeEndpointConfig", config_members(config))

    def _list_configs(self, call: Call) -> dict[str, Any]:
        page, more = page_of(self._store.configs.all(call.region), call.parameters)
        rows = [
            {"EndpointConfigName": each.name, "EndpointConfigArn": each.arn, "CreationTime": each.created}
            for each in page
        ]
        return {"EndpointConfigs": rows, **more}

    def _delete_config(self, call: Call) -> dict[str, Any]:
        _delete(self._store.configs, EndpointConfig, call.region, call.parameters["EndpointConfigName"])
        return {}

    # Endpoints

    def _create_endpoint(self, call: Call) -> dict[str, Any]:
        name = call.parameters["EndpointName"]
        # Serialized, so that two requests cannot both take the last instance of a quota.
        with self._creating:
            if self._store.endpoints.find(call.region, name) is not None:
                raise name_taken(Endpoint, call.region, name)
            coming = self._deployment(call.region, call.parameters["EndpointConfigName"], 1)
            check_endpoint(self._store.endpoints.all(call.region), coming.variants)
            endpoint = _created(self._store.endpoints, replace(_new(Endpoint, call, name), coming=coming))
        self._engine.notify()
        return {"EndpointArn": endpoint.arn}

    def _update_endpoint(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        with self._creating:
            endpoint = _get(self._store.endpoints, Endpoint, call.region, wanted["EndpointName"])
            current = endpoint.current
            if endpoint.status is not EndpointStatus.IN_SERVICE or current is None:
                raise in_progress(endpoint)
            coming = self._deployment(call.region, wanted["EndpointConfigName"], current.number + 1)
            if wanted.get("RetainAllVariantProperties"):
                coming = _with_properties_of(coming, current, wanted.get("ExcludeRetainedVariantProperties", []))
            check_endpoint(self._store.endpoints.all(call.region), coming.variants, endpoint)

            def updating(found: Endpoint) -> Endpoint:
                if found.status is not EndpointStatus.IN_SERVICE:
                    raise in_progress(found)
                return found.with_status(EndpointStatus.UPDATING, coming=coming, failure_reason=None)

            self._store.endpoints.update(call.region, endpoint.name, updating)
        self._engine.notify()
        return {"EndpointArn": endpoint.arn}

    def _describe_endpoint(self, call: Call) -> dict[str, Any]:
        endpoint = _get(self._store.endpoints, Endpoint, call.region, call.parameters["EndpointName"])
        return described("DescribeEndpoint", endpoint_members(endpoint))

    def _list_endpoints(self, call: Call) -> dict[str, Any]:
        page, more = page_of(self._store.endpoints.all(call.region), call.parameters)
        rows = [
            {
                "EndpointName": each.name,
                "EndpointArn": each.arn,
                "CreationTime": each.created,
                "LastModifiedTime": each.modified,
                "EndpointStatus": each.status.value,
            }
            for each in page
        ]
        return {"Endpoints": rows, **more}

    def _delete_endpoint(self, call: Call) -> dict[str, Any]:
        name = call.parameters["EndpointName"]

        def deleting(endpoint: Endpoint) -> Endpoint:
            if endpoint.status in (EndpointStatus.CREATING, EndpointStatus.UPDATING):
                raise in_progress(endpoint)
            # Not checked against AWS: deleting an endpoint that is being deleted is not an error here.
            is_deleting = endpoint.status is EndpointStatus.DELETING
            return endpoint if is_deleting else endpoint.with_status(EndpointStatus.DELETING)

        try:
            self._store.endpoints.update(call.region, name, deleting)
        except KeyError as problem:
            raise not_found(Endpoint, call.region, name) from problem
        self._engine.notify()
        return {}

    def _deployment(self, region: str, name: str, number: int) -> Deployment:
        """Return what a configuration makes an endpoint serve.

        Raises:
            ApiError: the configuration, or a model of it, does not exist.
        """
        config = _get(self._store.configs, EndpointConfig, region, name)
        variants = tuple(
            Variant(each, _get(self._store.models, Model, region, each["ModelName"]).container)
            for each in config.variants
        )
        kept = ("AsyncInferenceConfig", "DataCaptureConfig", "ExplainerConfig", "MetricsConfig")
        settings = {member: config.request[member] for member in kept if member in config.request}
        return Deployment(name, variants, settings, number, time.time())


def _new(kind: type[R], call: Call, name: str) -> R:
    request = dict(call.parameters)
    tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags", [])}
    now = time.time()
    return kind(region=call.region, name=name, request=request, created=now, modified=now, tags=tags)


def _created(resources: Documents[R], resource: R) -> R:
    try:
        resources.create(resource)
    except NameTaken as problem:
        raise name_taken(type(resource), resource.region, resource.name) from problem
    return resource


def _get(resources: Documents[R], kind: type[R], region: str, name: str) -> R:
    found = resources.find(region, name)
    if found is None:
        raise not_found(kind, region, name)
    return found


def _delete(resources: Documents[R], kind: type[R], region: str, name: str) -> None:
    try:
        resources.delete(region, name)
    except KeyError as problem:
        raise not_found(kind, region, name) from problem


_PROPERTIES = {"DesiredInstanceCount": "InitialInstanceCount", "DesiredWeight": "InitialVariantWeight"}


def _with_properties_of(coming: Deployment, current: Deployment, excluded: list[Mapping[str, Any]]) -> Deployment:
    """Return a deployment whose variants keep count and weight of those with the same names."""
    unknown = {each["VariantPropertyType"] for each in excluded} - {*_PROPERTIES, "DataCaptureConfig"}
    if unknown:
        raise invalid(f"Unknown variant property: {sorted(unknown)[0]}.")
    dropped = {each["VariantPropertyType"] for each in excluded}
    members = [member for name, member in _PROPERTIES.items() if name not in dropped]
    before = {each.name: each.request for each in current.variants}

    def kept(variant: Variant) -> Variant:
        old = before.get(variant.name, {})
        return replace(variant, request={**variant.request, **{each: old[each] for each in members if each in old}})

    return replace(coming, variants=tuple(map(kept, coming.variants)))
