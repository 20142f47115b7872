/// Which key does what, where.
///
/// Actions and contexts are names: `undo`, `play`; `turn`, `dialogues`. A context may have a parent,
/// where a key is looked up that the context itself does not bind, so that keys that work
/// everywhere are written once.
public struct KeyMap: Equatable, Sendable {
  /// A key, where it works, and what it does.
  public struct Binding: Hashable, Sendable {
    /// The context's name.
    public var context: String
    /// The key.
    public var key: Key
    /// The action's name.
    public var action: String

    /// Creates a binding.
    public init(_ key: Key, in context: String, _ action: String) {
      self.context = context
      self.key = key
      self.action = action
    }
  }

  /// The bindings in the order they were made; of two for one key in one context, only the later
  /// is there.
  public private(set) var bindings: [Binding] = []
  private let parents: [String: String]
  private var places: [Place: Int] = [:]

  private struct Place: Hashable, Sendable {
    var context: String
    var key: Key
  }

  /// Creates a key map.
  ///
  /// - Parameters:
  ///   - bindings: the keys. A later one for the same key in the same context replaces an earlier.
  ///   - parents: for a context the one where to look next. A circle is walked once.
  public init(_ bindings: [Binding], parents: [String: String] = [:]) {
    self.parents = parents
    for binding in bindings { bind(binding) }
  }

  /// What a key does in a context; `nil` for nothing.
  public func action(for key: Key, in context: String) -> String? {
    binding(for: key, in: context)?.action
  }

  /// The binding that answers a key in a context, perhaps one of its parents'; `nil` for none.
  public func binding(for key: Key, in context: String) -> Binding? {
    for context in chain(from: context) {
      if let index = places[Place(context: context, key: key)] { return bindings[index] }
    }
    return nil
  }

  /// The keys that do something in a context, in the order they were bound.
  ///
  /// A key that the context uses for something else is not among them.
  public func keys(for action: String, in context: String) -> [Key] {
    chain(from: context).flatMap { place in
      bindings.filter { binding in
        binding.context == place && binding.action == action
          && self.binding(for: binding.key, in: context) == binding
      }.map(\.key)
    }
  }

  /// The contexts in which a key is looked up, from `context` to its last parent.
  public func chain(from context: String) -> [String] {
    var chain = [context]
    while let last = chain.last, let next = parents[last], !chain.contains(next) {
      chain.append(next)
    }
    return chain
  }

  /// Every context that has a binding or a parent or is one, in alphabetical order.
  public var contexts: [String] {
    Set(bindings.map(\.context)).union(parents.keys).union(parents.values).sorted()
  }

  mutating func bind(_ binding: Binding) {
    unbind(binding.key, in: binding.context)
    places[Place(context: binding.context, key: binding.key)] = bindings.count
    bindings.append(binding)
  }

  mutating func unbind(_ key: Key, in context: String) {
    guard let index = places.removeValue(forKey: Place(context: context, key: key)) else { return }
    bindings.remove(at: index)
    for (place, other) in places where other > index { places[place] = other - 1 }
  }
}
