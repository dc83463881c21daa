internal import CLinux
internal import Glibc

/// Runs `body` while a terminal gives each key at once and shows none (`termios(3)`). The terminal is then as it
/// was, whatever happened in between.
///
/// A scope and not an owner: an owner's life may end at its last use, which is before the keys are read.
///
/// - Parameter body: told whether `descriptor` leads to a terminal; without one nothing is changed.
package func withRawTerminal<Result>(
  _ descriptor: Int32, _ body: (_ isTerminal: Bool) -> Result
) -> Result {
  guard var former = try? RawTerminal.quieten(descriptor) else { return body(false) }
  defer { _ = unsafe tcsetattr(descriptor, TCSADRAIN, &former) }
  return body(true)
}

private enum RawTerminal {
  /// - Returns: the settings from before.
  /// - Throws: ENOTTY where `descriptor` leads to no terminal.
  static func quieten(_ descriptor: Int32) throws(SystemError) -> termios {
    var former = termios()
    try systemCall("tcgetattr") { unsafe tcgetattr(descriptor, &former) }
    var settings = former
    // Ctrl-C and Ctrl-Z come as keys: a signal would leave the screen as it is.
    settings.c_lflag &= ~UInt32(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~UInt32(ICRNL | IXON)
    try systemCall("tcsetattr") { unsafe tcsetattr(descriptor, TCSADRAIN, &settings) }
    return former
  }
}

/// The size of the terminal behind `descriptor`, in characters; nil where it has none or says none.
package func terminalSize(_ descriptor: Int32) -> (width: Int, height: Int)? {
  var size = winsize()
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
  else { return nil }
  return (Int(size.ws_col), Int(size.ws_row))
}
