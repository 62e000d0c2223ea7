"""Deploy the model of a job, from a flow of a screen: choose, check, ask, create."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.common.status import Status
from jsft_tui.core.run.confirmation import confirmation
from jsft_tui.core.serving.deploy.deployment import MOST_INSTANCES, USUAL_LIFETIME, Deployment
from jsft_tui.core.serving.deploy.mode import Serverless
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.offers import DeployOffer, deploy_bound
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.serving.deploying import Deployed
from jsft_tui.services.session.session import Session
from jsft_tui.services.storage.transfer import TransferProgress, counted, size
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.base.texts.place import place_cells
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.deploy.dialog import Checked, DeployDialog, Wanted
from jsft_tui.tui.dialogs.deploy.lifetime import OR_FOREVER, choose_lifetime
from jsft_tui.tui.dialogs.deploy.lines import Shown, type_choices
from jsft_tui.tui.dialogs.deploy.mode import choose_mode
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.widgets.text.text_pane import line

ANOTHER = "another one"
"""A choice beside the names of endpoints, which have no spaces."""


def start_deploy(screen: WorkScreen, job: str) -> None:
    """Deploy the model of a job, unless a deploy is under way: starting a flow cancels the one before."""
    if not _is_busy(screen):
        screen.start("deploy", DeployFlow(screen, job).run)


def _is_busy(screen: WorkScreen) -> bool:
    """Return whether a deploy is under way, and say so."""
    if under_way := screen.jsft.deploying:
        screen.say(f"{under_way} is being deployed already.", Status.WARNING)
    return bool(under_way)


class DeployFlow:
    """One deploy, from the key to the endpoint."""

    def __init__(self, screen: WorkScreen, job: str) -> None:
        self._screen, self._job = screen, job

    async def run(self) -> None:
        """Ask what is wanted until it is agreed to or left, and create it.

        Raises:
            Problem: the job has no model that can be deployed, or the endpoint was refused.
        """
        screen, session, job = self._screen, self._screen.session, self._job
        services = session.services
        screen.say(f"Reading what {job} can be deployed to …")
        offer = await screen.call(lambda: services.deploy_offers.of(services.jobs.get(job)))
        screen.say("")
        if offer.endpoints and not await self._wants_another(offer):
            return
        role = services.config.scheduler_role or ""
        wanted = Deployment(offer.name, offer.suggested, lifetime_seconds=USUAL_LIFETIME, scheduler_role=role)
        agreed = await self._ask(offer, wanted)
        if agreed is None:
            screen.say("Not deployed.")
            return
        if _is_busy(screen):
            return  # from another screen, while this one asked
        await self._send(session, agreed.plan)

    async def _wants_another(self, offer: DeployOffer) -> bool:
        """Ask whether the job is to have one more endpoint, which costs on top; show the one that is chosen instead."""
        screen = self._screen
        choices = [
            *(Choice(name, f"show {name}") for name in offer.endpoints),
            Choice(ANOTHER, f"deploy another one, {offer.name}", "costs on top"),
        ]
        found = await screen.open_dialog(ChoiceDialog(f"{offer.job} has an endpoint already", choices))
        if found is None:
            screen.say("Not deployed.")
        elif found != ANOTHER:
            screen.jsft.open_endpoint(found)
        return found == ANOTHER

    async def _ask(self, offer: DeployOffer, wanted: Deployment) -> Checked | None:
        """Return what the person agreed to; None where they left."""
        screen = self._screen
        while True:
            shown = Shown(offer, wanted, place_cells(screen.session), screen.key("delete_endpoint"))
            dialog = DeployDialog(shown, self._check)
            answer = await screen.open_dialog(dialog)
            if answer is None:
                return None
            if answer is not Wanted.DEPLOY:
                wanted = await self._changed(answer, offer, wanted)
            elif dialog.checked is not None and await self._is_confirmed(shown):
                return dialog.checked

    def _check(self, wanted: Deployment) -> Checked:
        if isinstance(wanted.mode, Serverless):  # the type only names its image, which has to be one without GPUs
            wanted = replace(wanted, instance_type="")
        session = self._screen.session
        services = session.services
        plan = services.deploying.plan(services.jobs.get(self._job), wanted, session.now())
        return Checked(plan, services.deploying.check(plan))

    async def _is_confirmed(self, shown: Shown) -> bool:
        """Have the dollars typed where that is due; the question itself was a plain yes."""
        chosen, above = shown.deployment, self._screen.session.services.config.confirm_above_usd
        asked = confirmation(deploy_bound(chosen, shown.type.price), above)
        if asked.whole_dollars is None:
            return True
        until = "in a month" if chosen.lifetime_seconds is None else "until its time is over"
        lines = [
            line(f"It can cost ${asked.whole_dollars:,} {until}."),
            line(""),
            line("Type the whole dollars to deploy:"),
        ]
        title = f"Deploy {chosen.name}?"
        dialog = ConfirmDialog(title, lines, typed=str(asked.whole_dollars), label="deploy")
        return await self._screen.open_dialog(dialog) is True

    async def _changed(self, what: Wanted, offer: DeployOffer, wanted: Deployment) -> Deployment:
        """Return the deployment with something chosen otherwise; the same where the person left."""
        match what:
            case Wanted.INSTANCE:
                choices = type_choices(offer, wanted.count)
                dialog = ChoiceDialog("Instance type", choices, at=wanted.instance_type, noun="types")
                found = await self._screen.open_dialog(dialog)
                return replace(wanted, instance_type=found) if found else wanted
            case Wanted.COUNT:
                prompt = PromptDialog("How many instances", str(wanted.count), check=parsed_by(_count))
                typed = await self._screen.open_dialog(prompt)
                return replace(wanted, count=_count(typed)) if typed else wanted
            case Wanted.MODE:
                return replace(wanted, mode=await choose_mode(self._screen, offer, wanted.name, wanted.mode))
            case Wanted.LIFETIME:
                chosen = await choose_lifetime(self._screen, OR_FOREVER, wanted.lifetime_seconds)
                return replace(wanted, lifetime_seconds=chosen.seconds) if chosen is not None else wanted
            case _:
                about = "Endpoint, configuration and model get this name."
                typed = await self._screen.open_dialog(PromptDialog("Name", wanted.name, about=about))
                return replace(wanted, name=typed) if typed else wanted

    async def _send(self, session: Session, plan: DeployPlan) -> None:
        screen, jsft, name = self._screen, self._screen.jsft, plan.deployment.name

        def send(reporter: Reporter[TransferProgress]) -> Deployed:
            return session.services.deploying.send(plan, counted(0, reporter))

        def tell(progress: TransferProgress) -> None:
            screen.say(f"Packing the code into the model: {size(progress.done)} went through")

        screen.say(f"Deploying {name} …", Status.RUNNING)
        jsft.deploying = name
        try:
            deployed = await screen.call_with_progress(send, tell)
        finally:
            jsft.deploying = ""
            session.endpoint_list.forget()
            jsft.poll_endpoints()
        if jsft.work_screen is screen:  # packing takes minutes: whoever went elsewhere stays there
            jsft.open_endpoint(deployed.name)
        said = f"{deployed.name} is being created." if deployed.created else f"{deployed.name} was there already."
        jsft.call_later(jsft.say, said, Status.COMPLETED)


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= MOST_INSTANCES:
        raise ValueError(f"A number from 1 to {MOST_INSTANCES}.")
    return number
