"""How busy a job's instances are."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.core.jobs.metrics.utilization import HostUtilization, InstanceMetric, JobUtilization
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.screens.jobs.facts import use_cells, use_text
from tests.common.home import Home
from tests.tui.driver.pilot import at_work
from tests.tui.screens.job.job_work import endless

ONE = HostUtilization("algo-1", {InstanceMetric.CPU: 12.4, InstanceMetric.GPU: 71.0, InstanceMetric.DISK: 4.0})
OTHER = HostUtilization("algo-2", {InstanceMetric.CPU: 30.0, InstanceMetric.GPU: 7.2, InstanceMetric.GPU_MEMORY: 95.0})


def styles(use: JobUtilization) -> dict[str, str]:
    return {cell.text: cell.style for cells in use_cells(use) for cell in cells}


def test_of_several_instances_the_busiest_counts_and_what_is_tight_stands_out() -> None:
    assert use_text(JobUtilization((ONE, OTHER))) == "GPU 71 %  GPU memory 95 %  CPU 30 %"
    assert styles(JobUtilization((ONE, OTHER)))["95 %"] == "warn"
    assert styles(JobUtilization((OTHER,)))["7 %"] == "warn"
    assert styles(JobUtilization((ONE,)))["71 %"] == ""
    assert not use_cells(JobUtilization())


async def test_the_use_of_the_machine_is_shown_while_it_runs_and_its_denial_is_said_once(
    home: Home, folder: Path
) -> None:
    name = endless(home, folder, "busy")
    async with at_work(home, (80, 24)) as work:
        work.app.open_job(name)
        await work.wait_for(lambda: isinstance(work.app.work_screen, JobScreen) and "epoch 1" in work.text)
        screen = work.screen(JobScreen)
        for _ in range(50):  # the first values come some time after the first line
            screen.ask_cloudwatch()
            await work.pilot.pause(0.2)
            if "CPU " in work.text:
                break
        assert "CPU " in work.text
        assert "memory " in work.text

        home.sandbox.set_faults({"do": "denied", "service": "cloudwatch", "times": None})
        screen.ask_cloudwatch()
        await work.wait_for("How busy the instances are is not known")
        await work.wait_for(lambda: "CPU " not in work.text)
        home.sandbox.forget_calls()
        screen.say("")
        screen.ask_cloudwatch()
        home.jsft("stop", name, "--yes")
        await work.wait_for("■ It was stopped")
        assert "cloudwatch" not in {service for service, _ in home.sandbox.calls()}
