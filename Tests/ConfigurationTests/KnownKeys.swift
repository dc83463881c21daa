import Foundation

/// Every key, as the program itself lists them where an unknown one is written; found section by section, those in
/// lists with `[]` behind the list's name.
enum KnownKeys {
  /// Longer than every word that the program takes for a slip of the hand: it lists the keys instead.
  private static let nonsense = String(repeating: "z", count: 41)

  static func all(below path: String = "", wrap: (String) -> String = { $0 }) -> [String] {
    let text = wrap("{\(nonsense): 1}")
    guard let fault = faults(text).first(where: { $0.contains("unknown key; the keys here are ") })
    else { return [] }
    return fault.components(separatedBy: "the keys here are ")[1].components(separatedBy: ", ")
      .map { $0.trimmingCharacters(in: ["`"]) }
      .flatMap { key in
        let name = path.isEmpty ? key : "\(path).\(key)"
        return [name]
          + all(below: name) { wrap("{\(key): \($0)}") }
          + all(below: "\(name)[]") { wrap("{\(key): [\($0)]}") }
      }
  }
}
