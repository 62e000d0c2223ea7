"""AWS profiles of this machine (`~/.aws/config`), never written to."""

from __future__ import annotations

from jsft_tui.aws.client.errors import asking


def profile_region(profile: str | None) -> str | None:
    """The region that a profile (or the default one) names; None when it names none.

    Raises:
        Problem: there is no such profile.
    """
    import botocore.session

    with asking("read the AWS profile"):
        session = botocore.session.Session(profile=profile)
        region: str | None = session.get_config_variable("region")
        return region


def profile_names() -> list[str]:
    """The profiles that `~/.aws/config` and `~/.aws/credentials` name."""
    import botocore.session

    with asking("read the AWS profiles"):
        names: list[str] = botocore.session.Session().available_profiles
        return sorted(names)
