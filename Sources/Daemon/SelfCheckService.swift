internal import Announcer
internal import LinuxSystem
internal import Netlink
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

/// What a round brought.
struct SelfCheckRound: Sendable {
  var answers: [WitnessAnswer]
  /// Frames received, by index of the link; empty where the kernel did not tell.
  var received: [Int32: UInt64]
}

/// Asks for this node's addresses from its other links, and looks whether its links hear anything, on a
/// thread of its own.
struct SelfCheckService: Service {
  let questions: AsyncStream<[WitnessQuestion]>
  let responder: Responder
  /// Ends a round that is under way: where nobody answers, it takes more than a second for each link.
  let end: StopSignal
  let post: @Sendable (SelfCheckRound) -> Void

  func run() async {
    await withTaskCancellationOrGracefulShutdownHandler {
      for await round in questions.cancelOnGracefulShutdown() { post(await ask(round)) }
    } onCancelOrGracefulShutdown: {
      end.raise()
    }
  }

  private func ask(_ round: [WitnessQuestion]) async -> SelfCheckRound {
    let (responder, end) = (responder, end)
    return await withThread(named: "self-check") {
      defer { responder.admit(witness: nil) }
      var answers: [WitnessAnswer] = []
      for question in round where !end.isRaised {
        responder.admit(witness: question.witness.hardwareAddress)
        let probe = WitnessProbe(
          question.question.addresses, from: question.witness, expecting: question.expected)
        answers.append(WitnessAnswer(asked: question, stations: try? probe.run(until: end)))
      }
      return SelfCheckRound(answers: answers, received: (try? receivedPackets()) ?? [:])
    }
  }
}
