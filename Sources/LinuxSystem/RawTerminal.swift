internal import CLinux
internal import Glibc

/// A terminal that gives each key at once and shows none (`termios(3)`); its owner's end puts it back as
/// it was, whatever happened in between.
package struct RawTerminal: ~Copyable {
  private let descriptor: Int32
  private let former: termios

  /// - Throws: ENOTTY where `descriptor` leads to no terminal.
  package init(_ descriptor: Int32) throws(SystemError) {
    former = try Self.quieten(descriptor)
    self.descriptor = descriptor
  }

  /// - Returns: the settings from before.
  private static func quieten(_ descriptor: Int32) throws(SystemError) -> termios {
    var former = termios()
    try systemCall("tcgetattr") { unsafe tcgetattr(descriptor, &former) }
    var settings = former
    // Ctrl-C and Ctrl-Z come as keys: a signal would leave the screen as it is.
    settings.c_lflag &= ~UInt32(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~UInt32(ICRNL | IXON)
    try systemCall("tcsetattr") { unsafe tcsetattr(descriptor, TCSADRAIN, &settings) }
    return former
  }

  deinit {
    var former = former
    _ = unsafe tcsetattr(descriptor, TCSADRAIN, &former)
  }
}

/// The size of the terminal behind `descriptor`, in characters; nil where it has none or says none.
package func terminalSize(_ descriptor: Int32) -> (width: Int, height: Int)? {
  var size = winsize()
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
  else { return nil }
  return (Int(size.ws_col), Int(size.ws_row))
}
