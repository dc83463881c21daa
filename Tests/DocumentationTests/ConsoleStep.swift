/// One command of a page with what it says and how it ends.
struct ConsoleStep: Sendable {
  let command: String
  /// 0, unless a comment behind the command says `exit code N`.
  let code: Int32
  /// The lines below it; empty where the page does not show what it prints.
  let output: [String]
  /// Of the command, counted from 1.
  let line: Int

  /// The commands of a block; lines that end in a backslash go on in the next.
  static func steps(of block: Page.Block) -> [ConsoleStep] {
    var steps: [ConsoleStep] = []
    var open: (command: String, output: [String], line: Int)?
    func close() {
      guard let step = open else { return }
      let code = step.command.firstMatch(of: /#.*exit code ([0-9]+)/).flatMap { Int32($0.1) }
      var output = step.output
      while output.last?.isEmpty == true { output.removeLast() }
      steps.append(
        ConsoleStep(command: step.command, code: code ?? 0, output: output, line: step.line))
    }
    for (index, line) in block.lines.enumerated() {
      if let step = open, step.command.hasSuffix("\\"), step.output.isEmpty {
        open?.command = String(step.command.dropLast()) + line
      } else if line.hasPrefix("$ ") {
        close()
        open = (String(line.dropFirst(2)), [], block.line + index)
      } else {
        open?.output.append(line)
      }
    }
    close()
    return steps
  }

  /// Whether it may be asked again until the answer is what the page shows: it changes nothing.
  var onlyAsks: Bool {
    command.firstMatch(
      of:
        /^(sudo )?(announcer (status|explain|check|pools|probe|capture)|arping|ndisc6|curl|etcdctl get|kubectl (get|describe)|ip neigh|journalctl|systemctl status)\b/
    ) != nil
  }
}
