/// A truth value, in JSON or in YAML.
///
/// A YAML text is read without a look at what its plain words might mean, because a label's value `yes` is
/// text. Only where a truth value is expected do the words for one count.
struct Flag: Decodable, Sendable {
  let isOn: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      isOn = value
      return
    }
    switch (try? container.decode(String.self))?.lowercased() {
    case "true", "yes", "on": isOn = true
    case "false", "no", "off": isOn = false
    default:
      throw DecodingError.typeMismatch(
        Bool.self, .init(codingPath: decoder.codingPath, debugDescription: ""))
    }
  }
}
