(** When unknown facts become known, a condition has one of the values that were held possible before. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Values Conditions ConditionsTruth.
Import ListNotations.
Local Open Scope N_scope.

(** [e'] knows all that [e] knows, and may know more. *)
Record learns (e e' : environment) : Prop := {
  learns_attribute : forall class name,
    attribute e class name = UnknownAttribute \/ attribute e' class name = attribute e class name;
  learns_member : forall who s, is_member e who s = UnknownT \/ is_member e' who s = is_member e who s }.

(** Whether a fact is not known. *)
Definition is_unknown (e : environment) (f : unknown_fact) : Prop :=
  match f with
  | UnknownClaim class name => attribute e class name = UnknownAttribute
  | UnknownGroup who s => is_member e who s = UnknownT
  end.

(** * What is related before and after learning *)

(** [b] comes before, [a] after. *)
Definition operand_narrows (a b : operand) : Prop :=
  match a, b with
  | Attribute class later, Attribute class' known =>
    class = class' /\ (known = UnknownAttribute \/ later = known)
  | Values vs, Values vs' => vs = vs'
  | Result v n, Result v' n' => narrows v v' /\ n = n'
  | _, _ => False
  end.
Definition place_narrows (a b : option operand) : Prop :=
  match a, b with Some a, Some b => operand_narrows a b | None, None => True | _, _ => False end.
Definition verdict_narrows (a b : option verdict) : Prop :=
  match a, b with Some v, Some w => narrows v w | None, None => True | _, _ => False end.

(** The result of an operator. It may fail after learning, if it was noted that it may. *)
Definition result_narrows (may : bool) (a b : option verdict) : Prop :=
  match a, b with
  | Some v, Some w => narrows v w
  | None, None => True
  | None, Some w => may = true /\ can_unknown w = true
  | Some _, None => False
  end.

Record state_narrows (e' : environment) (a b : state) : Prop := {
  stacks : Forall2 place_narrows (stack a) (stack b);
  stays_failed : failed b = true -> failed a = true;
  fails_as_noted : failed a = true -> failed b = true \/ may_fail b = true;
  may_fail_before : may_fail a = true -> may_fail b = true;
  asks_less : forall f, In f (asked a) -> In f (asked b) /\ is_unknown e' f }.

Lemma operand_narrows_verdict a b : operand_narrows a b ->
  verdict_narrows (verdict_of_operand a) (verdict_of_operand b).
Proof.
  destruct a as [class later|vs|v n], b as [class' known|vs'|v' n']; cbn; try tauto.
  intros [_ [-> | ->]].
  - destruct later; apply narrows_any.
  - destruct known; apply narrows_refl.
Qed.

Lemma operand_narrows_existence a b : operand_narrows a b -> verdict_narrows (existence a) (existence b).
Proof.
  destruct a as [class later|vs|v n], b as [class' known|vs'|v' n']; cbn; try tauto.
  intros [-> [-> | ->]]; destruct class'; cbn; try tauto.
  all: try apply narrows_any.
  all: apply narrows_refl.
Qed.

Lemma operand_narrows_shape a b : operand_narrows a b ->
  is_attribute a = is_attribute b /\ negates_attribute a = negates_attribute b.
Proof. destruct a, b; cbn; tauto. Qed.

(** An operator pushes these operands before and after learning. *)
Definition pushed_narrows (may : bool) (a b : option operand) : Prop :=
  match a, b with
  | Some o, Some o' => operand_narrows o o'
  | None, None => True
  | None, Some o => may = true /\ operand_narrows (Result (certain UnknownT) false) o
  | Some _, None => False
  end.

Lemma plain_narrows may (negated : bool) a b : result_narrows may a b ->
  pushed_narrows may (option_map (plain negated) a) (option_map (plain negated) b).
Proof.
  destruct a as [v|], b as [w|]; cbn; try tauto.
  - intros H. split; [apply narrows_plain, H|reflexivity].
  - intros [M U]. split; [exact M|]. split; [|reflexivity].
    intros [] H; cbn in H; try discriminate. destruct negated; exact U.
Qed.

Lemma verdict_to_result may a b : verdict_narrows a b -> result_narrows may a b.
Proof. destruct a, b; cbn; tauto. Qed.

Lemma stack_length a b : Forall2 place_narrows a b -> length a = length b.
Proof. induction 1; cbn; congruence. Qed.

Lemma push_narrows e' a b o o' : state_narrows e' a b -> operand_narrows o o' ->
  state_narrows e' (push o a) (push o' b).
Proof.
  intros S O. destruct S as [St F A M I].
  assert (L : length (stack a) = length (stack b)) by apply stack_length, St.
  split; cbn; rewrite ?L.
  - constructor; [|exact St]. destruct (_ <? _); [exact O|cbn; trivial].
  - rewrite !orb_true_iff. tauto.
  - rewrite !orb_true_iff. tauto.
  - exact M.
  - exact I.
Qed.

Lemma pop_narrows e' a b : state_narrows e' a b ->
  place_narrows (fst (pop a)) (fst (pop b)) /\ state_narrows e' (snd (pop a)) (snd (pop b)).
Proof.
  intros [St F A M I]. unfold pop. destruct St as [|x y xs ys P St]; cbn.
  - split; [exact Logic.I|]. split; try assumption. constructor.
  - split; [exact P|]. split; assumption.
Qed.

Lemma push_result_narrows e' a b r r' : state_narrows e' a b -> pushed_narrows (may_fail b) r r' ->
  state_narrows e' (push_result r a) (push_result r' b).
Proof.
  intros S R. destruct r as [o|], r' as [o'|]; cbn in R; try contradiction.
  - apply push_narrows; assumption.
  - destruct R as [M O]. apply push_narrows; [|exact O].
    destruct S. split; cbn; auto. 
  - apply push_narrows; [|split; [apply narrows_refl|reflexivity]].
    destruct S. split; cbn; auto.
Qed.

(** * Operators *)

Lemma ask_narrows e' a b facts facts' : state_narrows e' a b ->
  (forall f, In f facts -> In f facts' /\ is_unknown e' f) -> state_narrows e' (ask facts a) (ask facts' b).
Proof.
  intros [St F A M I] H. split; try assumption.
  cbn. intros f. rewrite !in_app_iff. intros [K|K]; [destruct (I f K)|destruct (H f K)]; auto.
Qed.

Lemma note_narrows e' a b m c m' c' : state_narrows e' a b -> (m = true -> m' = true) ->
  state_narrows e' (note m c a) (note m' c' b).
Proof.
  intros [St F A M I] H. split; cbn; auto; rewrite ?orb_true_iff; tauto.
Qed.

(** The values that an operand shows, before and after. *)
Definition seen_narrows (a b : seen) : Prop := (b = Missing /\ is_empty_composite a = false) \/ a = b.

Lemma operand_narrows_seen a b : operand_narrows a b ->
  match seen_of a, seen_of b with Some x, Some y => seen_narrows x y | None, None => True | _, _ => False end.
Proof.
  destruct a as [class later|vs|v n], b as [class' known|vs'|v' n']; cbn; try tauto.
  - intros [_ [-> | ->]].
    + destruct later as [c| |]; left; split; try reflexivity. destruct (values_of c); reflexivity.
    + destruct known as [c| |]; right; reflexivity.
  - intros ->. right. reflexivity.
Qed.

Section Operators.
Variable fold : N -> N.
Variable limit : N.

Lemma relation_narrows r l l' r0 r0' : seen_narrows l l' -> seen_narrows r0 r0' ->
  let '(res, m, _) := test_relation fold limit r l r0 in
  let '(res', m', _) := test_relation fold limit r l' r0' in
  (m = true -> m' = true) /\ result_narrows m' res res'.
Proof.
  intros L R. unfold test_relation.
  assert (E : r0' = Missing \/ r0 = r0') by (destruct R as [[]|]; auto).
  replace (asks_for_nothing r r0') with (asks_for_nothing r r0).
  - destruct (asks_for_nothing r r0); [split; [auto|apply narrows_refl]|].
    destruct L as [[-> _]| ->], E as [-> | ->].
    + (* nothing was known *)
      destruct l as [vl| |], r0 as [vr| |]; cbn; try (split; [auto|apply narrows_any]).
      destruct (relation_holds fold limit r vl vr); cbn; split; auto; apply narrows_any.
    + (* the left side was not known *)
      destruct l as [vl| |], r0' as [vr| |]; cbn; try (split; [auto|apply narrows_any]).
      all: try (split; [auto|apply narrows_refl]).
      destruct (relation_holds fold limit r vl vr); cbn; split; auto; apply narrows_any.
    + (* the right side was not known *)
      destruct l' as [vl| |], r0 as [vr| |]; cbn; try (split; [auto|apply narrows_any]).
      all: try (split; [auto|apply narrows_refl]).
      destruct (relation_holds fold limit r vl vr); cbn; split; auto; apply narrows_any.
    + destruct l' as [vl| |], r0' as [vr| |]; try (split; [auto|apply narrows_refl]).
      destruct (relation_holds fold limit r vl vr); (split; [auto|]); [apply narrows_refl|exact Logic.I].
  - destruct R as [[-> R]| ->]; [|reflexivity]. destruct r; cbn; auto.
Qed.

Lemma junction_narrows conjunction l l' r r' : operand_narrows l l' -> operand_narrows r r' ->
  verdict_narrows (junction conjunction l r) (junction conjunction l' r').
Proof.
  intros L R. unfold junction.
  pose proof (operand_narrows_verdict _ _ L) as VL. pose proof (operand_narrows_verdict _ _ R) as VR.
  destruct (operand_narrows_shape _ _ L) as [-> _], (operand_narrows_shape _ _ R) as [_ ->].
  destruct (verdict_of_operand l), (verdict_of_operand l'); cbn in VL; try contradiction; [|exact Logic.I].
  destruct (verdict_of_operand r), (verdict_of_operand r'); cbn in VR; try contradiction; [|exact Logic.I].
  cbn. destruct (is_attribute l' && negates_attribute r'); [apply narrows_refl|].
  destruct conjunction; [apply narrows_and|apply narrows_or]; assumption.
Qed.

Variables e e' : environment.
Hypothesis L : learns e e'.

(** A membership that becomes known is one thing or the other. *)
Lemma member_narrows who s : narrows (member_verdict e' who s) (member_verdict e who s).
Proof.
  unfold member_verdict. destruct (learns_member _ _ L who s) as [-> | ->]; [|apply narrows_refl].
  destruct (is_member e' who s); intros []; cbn; auto; discriminate.
Qed.

Lemma member_asks_less who s f : In f (member_unknown e' who s) ->
  In f (member_unknown e who s) /\ is_unknown e' f.
Proof.
  unfold member_unknown. intros F. destruct (is_member e' who s) eqn:U'; [contradiction|contradiction|].
  destruct F as [<-|[]].
  split; [|exact U']. destruct (learns_member _ _ L who s) as [-> | U]; [left; reflexivity|].
  rewrite <- U, U'. left. reflexivity.
Qed.

Lemma memberships_narrow who one groups : forall v' v, narrows v' v ->
  verdict_narrows (fst (memberships e' who one groups v')) (fst (memberships e who one groups v)) /\
  forall f, In f (snd (memberships e' who one groups v')) ->
    In f (snd (memberships e who one groups v)) /\ is_unknown e' f.
Proof.
  induction groups as [|g groups IH]; intros v' v V; cbn [memberships].
  - split; [exact V|contradiction].
  - destruct g as [|t|s|b|b]; try (split; [exact Logic.I|contradiction]).
    cbn [fst snd].
    assert (N : narrows
      (if one then verdict_or v' (member_verdict e' who s) else verdict_and v' (member_verdict e' who s))
      (if one then verdict_or v (member_verdict e who s) else verdict_and v (member_verdict e who s)))
      by (destruct one; [apply narrows_or|apply narrows_and]; solve [assumption|apply member_narrows]).
    destruct (IH _ _ N) as [Verdicts Facts]. split; [exact Verdicts|].
    intros f. rewrite !in_app_iff. intros [F|F].
    + destruct (member_asks_less who s f F); auto.
    + destruct (Facts f F); auto.
Qed.

Lemma membership_narrows who one a b : operand_narrows a b ->
  verdict_narrows (fst (test_membership e' who one a)) (fst (test_membership e who one b)) /\
  forall f, In f (snd (test_membership e' who one a)) ->
    In f (snd (test_membership e who one b)) /\ is_unknown e' f.
Proof.
  intros O.
  assert (None_asked : verdict_narrows None None /\
    (forall f : unknown_fact, In f [] -> In f [] /\ is_unknown e' f))
    by (split; [exact Logic.I|contradiction]).
  destruct a as [| vs |], b as [|vs'|]; cbn in O; try contradiction; try exact None_asked.
  subst vs'. destruct vs as [c|v|[|v l]]; try exact None_asked; apply memberships_narrow, narrows_refl.
Qed.

(** * The whole evaluation *)

Lemma operate_narrows op a b : state_narrows e' a b ->
  state_narrows e' (operate fold limit e' op a) (operate fold limit e op b).
Proof.
  intros S. unfold operate.
  assert (Failing : forall x y, state_narrows e' x y ->
    state_narrows e' (push_result None x) (push_result None y))
    by (intros x y H; apply push_result_narrows; [exact H|exact Logic.I]).
  destruct (pop_narrows _ _ _ S) as [P S1].
  destruct (pop a) as [last a1], (pop b) as [last' b1]; cbn [fst snd] in P, S1.
  destruct last as [last|], last' as [last'|]; cbn in P; try contradiction; [|apply Failing, S1].
  destruct (takes_two op).
  - destruct (pop_narrows _ _ _ S1) as [Q S2].
    destruct (pop a1) as [first a2], (pop b1) as [first' b2]; cbn [fst snd] in Q, S2.
    destruct first as [first|], first' as [first'|]; cbn in Q; try contradiction; [|apply Failing, S2].
    unfold operate_on_two. destruct (kind_of_operator op) as [r negated|who one negated|negated|conjunction|].
    + pose proof (operand_narrows_seen _ _ Q) as SQ. pose proof (operand_narrows_seen _ _ P) as SP.
      destruct (seen_of first), (seen_of first'); try contradiction; [|apply Failing, S2].
      destruct (seen_of last), (seen_of last'); try contradiction; [|apply Failing, S2].
      pose proof (relation_narrows r _ _ _ _ SQ SP) as R.
      destruct (test_relation fold limit r s s1) as [[res m] c],
        (test_relation fold limit r s0 s2) as [[res' m'] c'].
      destruct R as [M R]. apply push_result_narrows; [apply note_narrows; assumption|].
      apply plain_narrows. destruct m'; cbn in *; [rewrite orb_true_r; exact R|].
      destruct res, res'; cbn in *; try tauto. destruct R; discriminate.
    + exact S2.
    + exact S2.
    + apply push_result_narrows; [exact S2|].
      apply plain_narrows, verdict_to_result, junction_narrows; assumption.
    + exact S2.
  - unfold operate_on_one. destruct (kind_of_operator op) as [r negated|who one negated|negated|conjunction|].
    + exact S1.
    + destruct (membership_narrows who one _ _ P) as [V F].
      destruct (test_membership e' who one last), (test_membership e who one last'); cbn [fst snd] in *.
      apply push_result_narrows; [apply ask_narrows; assumption|].
      apply plain_narrows, verdict_to_result, V.
    + apply push_result_narrows; [exact S1|].
      apply plain_narrows, verdict_to_result, operand_narrows_existence, P.
    + exact S1.
    + apply push_result_narrows; [exact S1|].
      pose proof (operand_narrows_verdict _ _ P) as V. destruct (operand_narrows_shape _ _ P) as [-> _].
      destruct (verdict_of_operand last), (verdict_of_operand last'); cbn in *; try contradiction; auto.
      split; [apply narrows_not, V|reflexivity].
Qed.

Lemma step_narrows t a b : state_narrows e' a b ->
  state_narrows e' (step fold limit e' a t) (step fold limit e b t).
Proof.
  intros S. destruct t as [v|members|class name|op]; cbn [step].
  - apply push_narrows; [exact S|reflexivity].
  - apply push_narrows; [exact S|reflexivity].
  - apply push_narrows; [|split; [reflexivity|apply L]].
    destruct (learns_attribute _ _ L class name) as [U|U].
    + rewrite U. destruct (attribute e' class name) eqn:U'.
      1,2: destruct S; split; cbn; auto; intros f F; destruct (asks_less0 f F); rewrite in_app_iff; auto.
      apply ask_narrows; [exact S|]. intros f [<-|[]]. split; [left; reflexivity|exact U'].
    + rewrite <- U. destruct (attribute e' class name) eqn:U'; try exact S.
      apply ask_narrows; [exact S|]. intros f [<-|[]]. split; [left; reflexivity|exact U'].
  - apply operate_narrows, S.
Qed.

Lemma run_tokens_narrows p : state_narrows e' (run_tokens fold limit e' p) (run_tokens fold limit e p).
Proof.
  assert (Start : state_narrows e' begin begin) by (split; cbn; auto; try contradiction; constructor).
  assert (Run : forall ts a b, state_narrows e' a b ->
    state_narrows e' (fold_left (step fold limit e') ts a) (fold_left (step fold limit e) ts b)).
  { induction ts as [|t ts IH]; intros a b S; [exact S|]. apply IH, step_narrows, S. }
  unfold run_tokens. destruct (bytes_left p); [|apply Run, Start].
  destruct (Run (tokens p) _ _ Start). split; cbn; auto.
Qed.

Lemma finish_narrows a b : state_narrows e' a b -> narrows (finish a) (finish b).
Proof.
  intros S. destruct (pop_narrows _ _ _ S) as [P _]. destruct S as [_ F A M _]. unfold finish.
  destruct (fst (pop a)) as [o|], (fst (pop b)) as [o'|]; cbn in P; try contradiction; [|apply narrows_refl].
  pose proof (operand_narrows_verdict _ _ P) as V.
  destruct (verdict_of_operand o) as [v|], (verdict_of_operand o') as [v'|]; cbn in V; try contradiction;
    [|apply narrows_refl].
  destruct (failed b); [rewrite F by reflexivity; apply narrows_refl|].
  destruct (failed a).
  - destruct A as [A|A]; [reflexivity|discriminate|]. rewrite A. intros []; cbn; auto; discriminate.
  - pose proof (V TrueT). pose proof (V FalseT). pose proof (V UnknownT).
    destruct (may_fail a), (may_fail b); intros []; cbn in *; auto.
    intros _. discriminate (M eq_refl).
Qed.

(** Learning facts only narrows: no value that the condition can have afterwards was held impossible
    before. *)
Theorem learning_narrows p :
  narrows (values_possible (evaluate fold limit e' p)) (values_possible (evaluate fold limit e p)).
Proof. apply finish_narrows, run_tokens_narrows. Qed.

(** After learning, a condition asks only for facts that it asked for before and that are still unknown. *)
Theorem learning_asks_less p f : In f (unknown_facts (evaluate fold limit e' p)) ->
  In f (unknown_facts (evaluate fold limit e p)) /\ is_unknown e' f.
Proof. apply (asks_less _ _ _ (run_tokens_narrows p)). Qed.
End Operators.
