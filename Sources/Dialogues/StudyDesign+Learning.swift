extension StudyDesign {
  /// The smallest share of dialogues that learning from corrections never learns from.
  public static let heldOutShare = 0.2

  /// Whether learning from corrections never learns from a dialogue, but is measured on it.
  ///
  /// Chosen by the same hash as ``arm(of:)``, so that the control arm is always among them: there
  /// no suggestion could pull answers towards the model they are to judge.
  public func isHeldOut(_ dialogue: DialogueKey) -> Bool {
    share("arm", dialogue) < max(controlShare, Self.heldOutShare)
  }

  /// Whether the project learns from corrections at all.
  ///
  /// Under ``AnnotationProtocol/blind`` nobody would see what was learned.
  public var learns: Bool { learnsAfter > 0 && annotationProtocol != .blind }
}
