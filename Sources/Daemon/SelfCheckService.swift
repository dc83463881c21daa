internal import Announcer
internal import LinuxSystem
internal import RawSocket
internal import ServiceLifecycle
internal import Wire

/// What to ask from another link, with the links as they are now.
struct WitnessQuestion: Sendable {
  var question: SelfCheck.Question
  var witness: Link
  /// Of the link that announces.
  var expected: MACAddress
}

/// Who answered; nil where it could not be asked.
struct WitnessAnswer: Sendable {
  var asked: WitnessQuestion
  var stations: [IPAddress: Set<MACAddress>]?
}

/// Asks for this node's addresses from its other links, on a thread of its own.
struct SelfCheckService: Service {
  let questions: AsyncStream<[WitnessQuestion]>
  let responder: Responder
  let post: @Sendable ([WitnessAnswer]) -> Void

  func run() async {
    let responder = responder
    for await round in questions.cancelOnGracefulShutdown() {
      let answers = await withThread(named: "self-check") {
        defer { responder.admit(witness: nil) }
        return round.map { question in
          responder.admit(witness: question.witness.hardwareAddress)
          let probe = WitnessProbe(question.question.addresses, from: question.witness)
          return WitnessAnswer(asked: question, stations: try? probe.run())
        }
      }
      post(answers)
    }
  }
}
