import Testing

@testable import Control

struct StatusTests {
  @Test func everyNameIsThereAndAbsentIsNull() {
    var status = sample([AddressStatus(address: "10.80.8.150", state: .waiting)])
    status.ignored = ["malformed": 3]
    status.lease.endpoint = nil
    status.warnings = ["a/b"]
    status.configuration.onDisk = FileOnDisk(
      state: .reload, changedAt: ago(12), lines: ["`log` changed"])
    status.sources = [
      SourceStatus(name: "manifests", place: "/m", state: .synced, objects: ["Service": 2])
    ]
    status.services = ServicesStatus(
      unannounced: 1, reasons: ["no-policy-selects": 1],
      first: [.init(service: "default/web", place: "s.yaml:1", reason: "no policy selects it")])
    status.selfCheck = SelfCheckStatus(
      state: .failed, witnesses: ["lan0": "lan1"], failures: ["nobody answers"])
    #expect(
      JSON.document(status) == """
        {
          "addresses" : [
            {
              "address" : "10.80.8.150",
              "announcements" : 0,
              "answers" : 0,
              "conflict" : null,
              "holder" : null,
              "interfaces" : [

              ],
              "lastAnswerAt" : null,
              "origins" : [

              ],
              "reason" : null,
              "since" : null,
              "state" : "waiting"
            }
          ],
          "configuration" : {
            "error" : null,
            "file" : "/etc/announcer/announcer.yaml",
            "loadedAt" : "2026-11-21T11:48:00.000Z",
            "onDisk" : {
              "changedAt" : "2026-11-21T11:59:48.000Z",
              "lines" : [
                "`log` changed"
              ],
              "state" : "reload"
            }
          },
          "drained" : false,
          "ignored" : {
            "malformed" : 3
          },
          "interfaces" : [
            {
              "hardwareAddress" : "02:00:5e:10:00:01",
              "index" : 7,
              "matchedBy" : [
                "lan0"
              ],
              "name" : "lan0",
              "reason" : null,
              "state" : "active"
            }
          ],
          "lease" : {
            "backend" : "local",
            "configuredDurationMs" : null,
            "deadlineInMs" : null,
            "durationMs" : null,
            "endpoint" : null,
            "error" : null,
            "errors" : {

            },
            "holding" : false,
            "lastRenewalMs" : null,
            "refusedByGate" : 0,
            "state" : "healthy",
            "transitions" : {
              "gained" : 0,
              "handedOver" : 0,
              "lost" : 0
            }
          },
          "node" : "node-a",
          "ready" : true,
          "selfCheck" : {
            "failures" : [
              "nobody answers"
            ],
            "lastAt" : null,
            "reason" : null,
            "state" : "failed",
            "unchecked" : {

            },
            "witnesses" : {
              "lan0" : "lan1"
            }
          },
          "services" : {
            "first" : [
              {
                "place" : "s.yaml:1",
                "reason" : "no policy selects it",
                "service" : "default/web"
              }
            ],
            "reasons" : {
              "no-policy-selects" : 1
            },
            "unannounced" : 1
          },
          "session" : "3f9c1d20",
          "sources" : [
            {
              "error" : null,
              "lastEventMs" : null,
              "name" : "manifests",
              "objects" : {
                "Service" : 2
              },
              "place" : "/m",
              "reconnects" : 0,
              "state" : "synced"
            }
          ],
          "startedAt" : "2026-11-21T08:48:00.000Z",
          "version" : "0.2.0",
          "warnings" : [
            "a/b"
          ]
        }
        """)
  }

  @Test func whatIsWrittenReadsBack() {
    #expect(JSON.decode(Status.self, from: JSON.line(troubled)) == troubled)
    #expect(JSON.decode(Status.self, from: JSON.line(holding)) == holding)
  }

  @Test func whatAnotherVersionSaysIsReadAsFarAsItGoes() throws {
    let text = """
      {"version": "9.0", "node": "n", "ready": "soon", "novelty": [1, 2],
       "lease": {"state": "dormant", "durationMs": "long"},
       "addresses": [{"address": "10.0.0.1", "state": "hovering", "answers": -1}]}
      """
    let status = try #require(JSON.decode(Status.self, from: Array(text.utf8)))
    #expect(status.version == "9.0" && status.node == "n" && !status.ready)
    #expect(status.lease.state.rawValue == "dormant" && status.lease.durationMs == nil)
    #expect(!status.lease.holding && status.lease.transitions == LeaseTransitions())
    #expect(status.addresses.map(\.state.rawValue) == ["hovering"])
    #expect(StatusText.render(status, now: noon, style: eighty).contains("hovering"))
  }
}
