import Control
import Testing

@testable import Daemon

struct MailboxTests {
  @Test(.timeLimit(.minutes(10)))
  func aQuestionThatWaitsWhenTheMailboxClosesGetsNoAnswerInsteadOfNone() async {
    let mailbox = Mailbox()
    async let answer = mailbox.ask(.status)
    // The signal says that the question is in.
    for await _ in mailbox.signals { break }
    mailbox.close()
    #expect(await answer == nil)
  }

  @Test(.timeLimit(.minutes(10)))
  func aClosedMailboxTakesNoQuestion() async {
    let mailbox = Mailbox()
    mailbox.close()
    #expect(await mailbox.ask(.status) == nil)
    #expect(mailbox.take().commands.isEmpty)
  }

  @Test func theNewestStateOfASourceIsKeptAndCommandsQueueUp() {
    let mailbox = Mailbox()
    mailbox.post { $0.warnings[.audit] = ["old"] }
    mailbox.post { $0.warnings[.audit] = ["new"] }
    mailbox.post { $0.commands.append(.shutDown) }
    mailbox.post { $0.commands.append(.shutDown) }
    let mail = mailbox.take()
    #expect(mail.warnings[.audit] == ["new"] && mail.commands.count == 2)
    #expect(mailbox.take().warnings == [:])
  }
}
