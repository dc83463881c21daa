extension StringProtocol {
  /// Fit for one line of a log or of `status`, whoever wrote it: no control characters, no line breaks,
  /// 200 characters at most.
  package var oneLine: String {
    var text = ""
    for scalar in unicodeScalars.prefix(200) {
      let isControl =
        scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
      text.unicodeScalars.append(isControl ? " " : scalar)
    }
    return text
  }
}
