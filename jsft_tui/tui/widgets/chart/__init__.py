"""Charts of braille dots, bars and spark lines."""

from jsft_tui.tui.widgets.chart.series import Axis as Axis
from jsft_tui.tui.widgets.chart.series import ChartOptions as ChartOptions
from jsft_tui.tui.widgets.chart.series import Rank as Rank
from jsft_tui.tui.widgets.chart.series import Series as Series
from jsft_tui.tui.widgets.chart.series import short as short
from jsft_tui.tui.widgets.chart.widget import Chart as Chart
