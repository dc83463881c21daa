import Testing

@testable import Metrics

struct MetricTextTests {
  private let metrics: [MetricSeries] = [
    MetricSeries(
      MetricFamily("announcer_build_info", .info, "The program", labels: ["version"]),
      [MetricSample(1, "0.1.0")]),
    MetricSeries(
      MetricFamily(
        "announcer_address_answers_total", .counter, "Requests answered", labels: ["address"]),
      [MetricSample(12, "10.0.0.1"), MetricSample(0, "2001:db8::1")]),
    MetricSeries(MetricFamily("announcer_gone", .gauge, "Has no series"), nil),
    MetricSeries(
      MetricFamily(
        "announcer_lease_deadline_seconds", .gauge, "Time left\nuntil \"silence\" \\"), 3.25),
  ]

  private func text(_ format: MetricText, _ metrics: [MetricSeries]) -> String {
    String(decoding: format.render(metrics), as: UTF8.self)
  }

  @Test func prometheus() {
    #expect(
      text(.prometheus, metrics) == #"""
        # HELP announcer_build_info The program
        # TYPE announcer_build_info gauge
        announcer_build_info{version="0.1.0"} 1
        # HELP announcer_address_answers_total Requests answered
        # TYPE announcer_address_answers_total counter
        announcer_address_answers_total{address="10.0.0.1"} 12
        announcer_address_answers_total{address="2001:db8::1"} 0
        # HELP announcer_lease_deadline_seconds Time left\nuntil "silence" \\
        # TYPE announcer_lease_deadline_seconds gauge
        announcer_lease_deadline_seconds 3.25

        """#)
  }

  @Test func openMetrics() {
    #expect(
      text(.openMetrics, metrics) == #"""
        # HELP announcer_build The program
        # TYPE announcer_build info
        announcer_build_info{version="0.1.0"} 1
        # HELP announcer_address_answers Requests answered
        # TYPE announcer_address_answers counter
        announcer_address_answers_total{address="10.0.0.1"} 12
        announcer_address_answers_total{address="2001:db8::1"} 0
        # HELP announcer_lease_deadline_seconds Time left\nuntil \"silence\" \\
        # TYPE announcer_lease_deadline_seconds gauge
        # UNIT announcer_lease_deadline_seconds seconds
        announcer_lease_deadline_seconds 3.25
        # EOF

        """#)
  }

  @Test func aHistogramCountsUpToEachBound() {
    var histogram = Histogram(bounds: [0.001, 0.01])
    for value in [0.0005, 0.001, 0.002, 5] { histogram.observe(value) }
    let series = MetricSeries(
      MetricFamily(
        "announcer_renewal_seconds", .histogram, "How long renewals take", labels: ["store"]),
      [MetricSample(histogram, "etcd")])
    #expect(
      text(.prometheus, [series]) == """
        # HELP announcer_renewal_seconds How long renewals take
        # TYPE announcer_renewal_seconds histogram
        announcer_renewal_seconds_bucket{store="etcd",le="0.001"} 2
        announcer_renewal_seconds_bucket{store="etcd",le="0.01"} 3
        announcer_renewal_seconds_bucket{store="etcd",le="+Inf"} 4
        announcer_renewal_seconds_sum{store="etcd"} 5.0035
        announcer_renewal_seconds_count{store="etcd"} 4

        """)
  }

  @Test func labelsCannotBreakTheText() {
    let series = MetricSeries(
      MetricFamily("x", .gauge, "h", labels: ["a"]), [MetricSample(1, "q\"b\\c\nd")])
    #expect(
      text(.prometheus, [series]).split(separator: "\n").last
        == #"x{a="q\"b\\c\nd"} 1"#)
  }

  @Test(arguments: [
    (0.0, "0"), (-1, "-1"), (1.5, "1.5"), (.infinity, "+Inf"), (1e15, "1000000000000000"),
    (0.1, "0.1"),
  ])
  func numbers(value: Double, text: String) {
    #expect(MetricText.number(value) == text)
  }

  @Test func whoAsksForOpenMetricsGetsThem() {
    let prometheus =
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2"
    #expect(MetricText(accept: prometheus) == .openMetrics)
    #expect(MetricText(accept: "*/*") == .prometheus)
    #expect(MetricText(accept: "") == .prometheus)
  }
}
