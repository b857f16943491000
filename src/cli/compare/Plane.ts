/**
 * Draws a comparison as an SVG scatter plot: messages against median latency, both on logarithmic axes.
 */
import { LineChart, ScatterChart } from "echarts/charts"
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components"
import * as ECharts from "echarts/core"
import { LabelLayout } from "echarts/features"
import { SVGRenderer } from "echarts/renderers"
import type { Measurement } from "./Measurement.ts"
import type { PublishedResult } from "./PublishedResults.ts"

ECharts.use([LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, LabelLayout, SVGRenderer])

/**
 * Draws every strategy as a point with its name, the Pareto frontier as a line, and published results in grey. A figure
 * of 0 has no place on a logarithmic axis and is drawn at its end; what has no figures is left out.
 */
export const svg = (
  title: string,
  measurements: ReadonlyArray<Measurement>,
  published: ReadonlyArray<PublishedResult>
): string => {
  const ours = measurements.flatMap(pointOf)
  const theirs = published.map((result) => ({
    name: result.author === undefined ? result.design : `${result.design} (${result.author})`,
    at: [result.messagesPerOperation, result.medianMillis] as const
  }))
  const all = [...ours, ...theirs]
  const ends = { messages: lowEnd(all.map(({ at }) => at[0])), latency: lowEnd(all.map(({ at }) => at[1])) }
  const place = ({ at, name }: Point) => ({
    name,
    value: [Math.max(at[0], ends.messages), Math.max(at[1], ends.latency)]
  })
  const frontier = ours.filter((point) => point.kind === "frontier").map(place)

  const layout = apart()
  const chart = ECharts.init(null, null, { renderer: "svg", ssr: true, width: 1000, height: 700 })
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: { text: title, left: "center", textStyle: { fontSize: 16 } },
    legend: { top: 36, itemGap: 24 },
    grid: { top: 80, left, right: 40, bottom: 60 },
    xAxis: axis("server messages per operation", 32, ends.messages),
    yAxis: axis("median latency (ms)", 48, ends.latency),
    series: [
      {
        type: "line",
        name: names.frontier,
        data: frontier.map(({ value }) => value),
        symbol: "none",
        color: colors.frontier,
        lineStyle: { width: 1.5 }
      },
      // Nothing is below and left of the frontier but names.
      points(names.frontier, colors.frontier, frontier, layout, "left"),
      points(names.valid, colors.valid, ours.filter(({ kind }) => kind === "valid").map(place), layout),
      points(names.invalid, colors.invalid, ours.filter(({ kind }) => kind === "invalid").map(place), layout),
      points(names.published, colors.published, theirs.map(place), layout)
    ].filter(({ data }) => data.length > 0)
  })
  const text = chart.renderToSVGString()
  chart.dispose()
  return text
}

interface Point {
  readonly name: string
  readonly at: readonly [messages: number, latencyMillis: number]
}

const pointOf = ({ frontier, latencyMillis, messagesPerOperation, strategy, verdict }: Measurement) =>
  latencyMillis === null || messagesPerOperation === null
    ? []
    : [
        {
          name: strategy,
          at: [messagesPerOperation, latencyMillis.median] as const,
          kind: frontier ? "frontier" : verdict === "valid" ? "valid" : "invalid"
        }
      ]

/** Where an axis begins: below the smallest figure that has a logarithm. */
const lowEnd = (figures: ReadonlyArray<number>): number => {
  const positive = figures.filter((figure) => figure > 0)
  return positive.length === 0 ? 1 : roundDown(Math.min(...positive) * 0.6)
}

const roundDown = (figure: number): number => {
  const unit = 10 ** Math.floor(Math.log10(figure))
  return Number((Math.floor(figure / unit) * unit).toPrecision(1))
}

const axis = (name: string, nameGap: number, min: number) => ({
  type: "log",
  name,
  nameLocation: "middle",
  nameGap,
  min,
  minorTick: { show: true, splitNumber: 10 },
  minorSplitLine: { show: true, lineStyle: { color: "#f2f2f2" } }
})

const points = (
  name: string,
  color: string,
  data: ReadonlyArray<{ readonly name: string }>,
  labelLayout: ReturnType<typeof apart>,
  position: "left" | "right" = "right"
) => ({
  type: "scatter",
  name,
  data,
  color,
  symbolSize,
  label: { show: true, formatter: "{b}", position, distance: labelDistance, color, fontSize: 11 },
  labelLayout
})

/**
 * Moves a label up or down, as little as needed, where it would cover one that came before it, and to the other side of
 * its point where it would stand left of the axis.
 */
const apart = () => {
  const placed: Array<Rectangle> = []
  return ({ labelRect }: { readonly labelRect: Rectangle }) => {
    const dx = labelRect.x < left ? labelRect.width + 2 * labelDistance + symbolSize : 0
    const dy = shifts.find((shift) => !placed.some((other) => overlap(other, moved(labelRect, dx, shift)))) ?? 0
    placed.push(moved(labelRect, dx, dy))
    return { dx, dy }
  }
}

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const shifts = [0, ...[6, 12, 18, 24, 36, 48].flatMap((pixels) => [-pixels, pixels])]

const moved = ({ height, width, x, y }: Rectangle, dx: number, dy: number): Rectangle => ({
  x: x + dx,
  y: y + dy,
  width,
  height
})

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/** Pixels. */
const left = 80
const symbolSize = 8
const labelDistance = 5

const names = { frontier: "Pareto frontier", valid: "valid", invalid: "not valid", published: "published" }

// Colours that colour-blind people can tell apart: Okabe and Ito, "Color Universal Design" (2008).
const colors = { frontier: "#0072b2", valid: "#d55e00", invalid: "#cc79a7", published: "#808080" }
