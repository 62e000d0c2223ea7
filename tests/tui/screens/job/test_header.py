"""The lines above a job's charts: how busy its instances are, and what needs a look."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.core.jobs.alerts import Alert, AlertKind
from jsft_tui.core.jobs.utilization import MachineMetric, Use
from jsft_tui.tui.screens.job.header import alert_lines, utilization_lines
from jsft_tui.tui.screens.job.screen import JobScreen
from tests.home import Home
from tests.tui.pilot import at_work
from tests.tui.screens.job.job_work import endless

ONE = Use("algo-1", {MachineMetric.CPU: 12.4, MachineMetric.GPU: 71.0, MachineMetric.DISK: 4.0})
OTHER = Use("algo-2", {MachineMetric.CPU: 30.0, MachineMetric.GPU: 71.2})


def texts(use: list[Use], height: int) -> list[str]:
    return [line.text for line in utilization_lines(use, height)]


def test_a_host_is_one_line_and_several_are_as_many_as_there_is_room_for() -> None:
    assert texts([ONE], 24) == ["GPU 71 %  CPU 12 %  disk 4 %"]
    assert texts([ONE, OTHER], 24) == ["2 hosts  GPU 71 %  CPU 12-30 %  disk 4 %"]
    assert texts([ONE, OTHER], 36) == ["algo-1  GPU 71 %  CPU 12 %  disk 4 %", "algo-2  GPU 71 %  CPU 30 %"]
    assert texts([ONE] * 5, 36) == ["5 hosts  GPU 71 %  CPU 12 %  disk 4 %"]
    assert texts([], 36) == texts([ONE], 15) == []


def test_of_many_alerts_the_first_two_are_shown() -> None:
    many = [Alert(kind, kind.value) for kind in AlertKind if kind is not AlertKind.WAITING]
    assert [line.text for line in alert_lines(many)] == ["! not_finite", "! plateau", f"! {len(many) - 2} more"]
    assert [line.text for line in alert_lines(many[:2])] == ["! not_finite", "! plateau"]
    assert alert_lines([Alert(AlertKind.WAITING, "said by a line of its own")]) == []


async def test_the_use_of_the_machine_is_shown_while_it_runs_and_its_denial_is_said_once(
    home: Home, folder: Path
) -> None:
    name = endless(home, folder, "busy")
    async with at_work(home, (80, 24)) as work:
        work.app.open_job(name)
        await work.wait_for(lambda: isinstance(work.app.work_screen, JobScreen) and "epoch 1" in work.text)
        screen = work.screen(JobScreen)
        for _ in range(50):  # the first values come some time after the first line
            screen._ask_cloudwatch()
            await work.pilot.pause(0.2)
            if "CPU " in work.text:
                break
        assert "CPU " in work.text
        assert "disk " in work.text

        home.sandbox.set_faults({"do": "denied", "service": "cloudwatch", "times": None})
        screen._ask_cloudwatch()
        await work.wait_for("How busy the instances are is not known")
        await work.wait_for(lambda: "CPU " not in work.text)
        home.sandbox.forget_calls()
        screen.say("")
        screen._ask_cloudwatch()
        home.jsft("stop", name, "--yes")
        await work.wait_for("■ Stopped")
        assert "cloudwatch" not in {service for service, _ in home.sandbox.calls()}
