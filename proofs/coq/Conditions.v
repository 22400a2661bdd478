(** Conditions over memberships and integer claims, and what they can come to when facts are missing: condition/evaluate.rs. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Knowing.
Import ListNotations.
Local Open Scope N_scope.

(** What is known of a claim of the user. *)
Inductive fact := Value (n : N) | OtherType | Absent | NotKnown.

Inductive cond :=
  | MemberOf (s : sid)                  (* Member_of {SID(s)} *)
  | Equals (name value : N)             (* @User.name == value *)
  | And (a b : cond) | Or (a b : cond) | Not (a : cond).

Definition verdict_not (v : verdict) : verdict :=
  {| can_true := can_false v; can_false := can_true v; can_unknown := can_unknown v |}.

Definition verdict_and (v w : verdict) : verdict :=
  {| can_true := can_true v && can_true w;
     can_false := can_false v || can_false w;
     can_unknown := (can_unknown v && (can_unknown w || can_true w)) || (can_true v && can_unknown w) |}.

Definition verdict_or (v w : verdict) : verdict := verdict_not (verdict_and (verdict_not v) (verdict_not w)).

Definition or_unknown (v : verdict) : verdict :=
  {| can_true := can_true v; can_false := can_false v; can_unknown := true |}.

Definition any : verdict := {| can_true := true; can_false := true; can_unknown := true |}.

Definition either : verdict := {| can_true := true; can_false := true; can_unknown := false |}.

Definition truth_of (b : bool) : truth := if b then TrueT else FalseT.

(** A verdict; whether an operator met an operand that it does not take; whether one may. *)
Definition result : Type := verdict * bool * bool.

Fixpoint eval (member : sid -> membership) (facts : N -> fact) (for_deny : bool) (k : cond) : result :=
  match k with
  | MemberOf s =>
    (match member s with
     | Enabled => certain TrueT | DenyOnly => certain (truth_of for_deny)
     | NotHeld => certain FalseT | UnknownMember => either end, false, false)
  | Equals name value =>
    match facts name with
    | Value n => (certain (truth_of (n =? value)), false, false)
    | OtherType => (certain UnknownT, true, false)
    | Absent => (certain UnknownT, false, false)
    | NotKnown => (any, false, true)
    end
  | And a b =>
    let '(v, f, m) := eval member facts for_deny a in
    let '(w, g, n) := eval member facts for_deny b in (verdict_and v w, f || g, m || n)
  | Or a b =>
    let '(v, f, m) := eval member facts for_deny a in
    let '(w, g, n) := eval member facts for_deny b in (verdict_or v w, f || g, m || n)
  | Not a => let '(v, f, m) := eval member facts for_deny a in (verdict_not v, f, m)
  end.

Definition finish (r : result) : verdict :=
  let '(v, failed, may_fail) := r in
  if failed then certain UnknownT else if may_fail then or_unknown v else v.

Definition verdict_of (c : caller) (facts : N -> fact) (for_deny : bool) (k : cond) : verdict :=
  finish (eval (membership_of c) facts for_deny k).

(** * The three values of [MS-DTYP] 2.4.4.17.7 *)
Definition truth_and (a b : truth) : truth :=
  match a, b with FalseT, _ | _, FalseT => FalseT | TrueT, TrueT => TrueT | _, _ => UnknownT end.

Definition truth_not (a : truth) : truth := match a with TrueT => FalseT | FalseT => TrueT | UnknownT => UnknownT end.

Definition truth_or (a b : truth) : truth := truth_not (truth_and (truth_not a) (truth_not b)).

Lemma verdict_and_has v w a b : can_be v a = true -> can_be w b = true -> can_be (verdict_and v w) (truth_and a b) = true.
Proof. intros A B. destruct v as [[] [] []], w as [[] [] []], a, b; cbn in *; congruence. Qed.

(** A verdict of && holds just what && makes of the values on both sides, of which there is one at least. *)
Theorem verdict_and_exact v w t : (exists a, can_be v a = true) -> (exists b, can_be w b = true) ->
  can_be (verdict_and v w) t = true <-> exists a b, can_be v a = true /\ can_be w b = true /\ truth_and a b = t.
Proof.
  intros [x X] [y Y].
  split.
  - destruct v as [[] [] []], w as [[] [] []], t; cbn; try discriminate; intros _;
      solve [exists TrueT, TrueT; auto | exists TrueT, FalseT; auto | exists TrueT, UnknownT;
      auto | exists FalseT, TrueT; auto | exists FalseT, FalseT; auto | exists FalseT, UnknownT;
      auto | exists UnknownT, TrueT; auto | exists UnknownT, FalseT; auto | exists UnknownT, UnknownT;
      auto | exfalso; destruct x; discriminate | exfalso; destruct y; discriminate].
  - intros (a & b & A & B & <-).
    apply verdict_and_has; assumption.
Qed.

Definition narrows (v' v : verdict) : Prop := forall t, can_be v' t = true -> can_be v t = true.

Lemma narrows_not v' v : narrows v' v -> narrows (verdict_not v') (verdict_not v).
Proof. intros H []; [apply (H FalseT)|apply (H TrueT)|apply (H UnknownT)]. Qed.

Lemma narrows_and v' v w' w : narrows v' v -> narrows w' w -> narrows (verdict_and v' w') (verdict_and v w).
Proof.
  intros H K.
  pose proof (H TrueT).
  pose proof (H FalseT).
  pose proof (H UnknownT).
  pose proof (K TrueT).
  pose proof (K FalseT).
  pose proof (K UnknownT).
  intros []; cbn in *; rewrite ?orb_true_iff, ?andb_true_iff, ?orb_true_iff; tauto.
Qed.

(** * Missing facts *)
Definition fact_of (known later : fact) : Prop := known = NotKnown \/ later = known.

Section Narrow.
Variables (member member' : sid -> membership) (facts facts' : N -> fact) (for_deny : bool).
Hypothesis Members : forall s, member s = UnknownMember \/ member' s = member s.
Hypothesis Facts : forall n, fact_of (facts n) (facts' n).
(* A membership that is found out is one thing or the other. *)
Lemma eval_narrows k :
  let '(v, f, m) := eval member facts for_deny k in
  let '(v', f', m') := eval member' facts' for_deny k in
  narrows v' v /\ (f = true -> f' = true) /\ (f' = true -> f = true \/ m = true) /\ (m' = true -> m = true).
Proof.
  induction k as [s|name value|a IHa b IHb|a IHa b IHb|a IHa]; cbn [eval].
  - repeat split; auto; try discriminate.
    destruct (Members s) as [-> | ->]; [|exact (fun _ H => H)].
    destruct (member' s), for_deny; intros []; cbn; auto.
  - destruct (Facts name) as [-> | ->].
    + destruct (facts' name); repeat split; auto; try discriminate; intros []; auto.
    + destruct (facts name); repeat split; auto; try exact (fun _ H => H); intros []; auto.
  - destruct (eval member facts for_deny a) as [[v f] m], (eval member' facts' for_deny a) as [[v' f'] m'],
      (eval member facts for_deny b) as [[w g] n], (eval member' facts' for_deny b) as [[w' g'] n'].
    destruct IHa as (A1 & A2 & A3 & A4), IHb as (B1 & B2 & B3 & B4).
    split; [apply narrows_and; assumption|].
    rewrite !orb_true_iff.
    tauto.
  - destruct (eval member facts for_deny a) as [[v f] m], (eval member' facts' for_deny a) as [[v' f'] m'],
      (eval member facts for_deny b) as [[w g] n], (eval member' facts' for_deny b) as [[w' g'] n'].
    destruct IHa as (A1 & A2 & A3 & A4), IHb as (B1 & B2 & B3 & B4).
    split; [apply narrows_not, narrows_and; apply narrows_not; assumption|].
    rewrite !orb_true_iff.
    tauto.
  - destruct (eval member facts for_deny a) as [[v f] m], (eval member' facts' for_deny a) as [[v' f'] m'].
    destruct IHa as (A1 & A2 & A3 & A4).
    split; [apply narrows_not; assumption|].
    tauto.
Qed.

Theorem finish_narrows k : narrows (finish (eval member' facts' for_deny k)) (finish (eval member facts for_deny k)).
Proof.
  pose proof (eval_narrows k) as H.
  destruct (eval member facts for_deny k) as [[v f] m], (eval member' facts' for_deny k) as [[v' f'] m'].
  destruct H as (H1 & H2 & H3 & H4).
  unfold finish.
  destruct f; [rewrite H2 by reflexivity; exact (fun _ H => H)|].
  destruct f'.
  - destruct H3 as [H3|H3]; [reflexivity|discriminate|].
    rewrite H3.
    intros []; cbn; auto; discriminate.
  - destruct m'; [rewrite H4 by reflexivity; intros []; [apply (H1 TrueT)|apply (H1 FalseT)|auto]|].
    destruct m; [|exact H1].
    intros []; [apply (H1 TrueT)|apply (H1 FalseT)|auto].
Qed.
End Narrow.

Lemma eval_some member facts for_deny k : exists t, can_be (fst (fst (eval member facts for_deny k))) t = true.
Proof.
  induction k as [s|name value|a IHa b IHb|a IHa b IHb|a IHa]; cbn [eval].
  - destruct (member s), for_deny; cbn; solve [exists TrueT; reflexivity | exists FalseT; reflexivity].
  - destruct (facts name); cbn; try (destruct (n =? value)); solve [exists TrueT;
      reflexivity | exists FalseT; reflexivity | exists UnknownT; reflexivity].
  - destruct (eval member facts for_deny a) as [[v f] m], (eval member facts for_deny b) as [[w g] n].
    destruct IHa as [x X], IHb as [y Y].
    exists (truth_and x y).
    apply verdict_and_has; assumption.
  - destruct (eval member facts for_deny a) as [[v f] m], (eval member facts for_deny b) as [[w g] n].
    destruct IHa as [x X], IHb as [y Y].
    exists (truth_not (truth_and (truth_not x) (truth_not y))).
    cbn in *.
    assert (E : can_be (verdict_and (verdict_not v) (verdict_not w)) (truth_and (truth_not x) (truth_not y))
      = true).
    { apply verdict_and_has; [destruct x; exact X|destruct y; exact Y]. }
    destruct (truth_and (truth_not x) (truth_not y)); exact E.
  - destruct (eval member facts for_deny a) as [[v f] m].
    destruct IHa as [x X].
    exists (truth_not x).
    destruct x; exact X.
Qed.

Lemma finish_some member facts for_deny k : exists t, can_be (finish (eval member facts for_deny k)) t = true.
Proof.
  pose proof (eval_some member facts for_deny k) as H.
  destruct (eval member facts for_deny k) as [[v f] m].
  cbn in *.
  destruct f; [exists UnknownT; reflexivity|].
  destruct m; [exists UnknownT; reflexivity|exact H].
Qed.

(** So law 11 holds of checks with these conditions: learning groups and claims takes away nothing that was granted. *)
Theorem law_11_conditions (q : question cond) gs complete out facts facts' :
  let q' := with_knowledge q gs complete out
    (verdict_of (q_caller (with_knowledge q gs complete out (fun _ _ => any))) facts') in
  (forall d k, q_verdict q d k = verdict_of (q_caller q) facts d k) ->
  (forall s, membership_of (q_caller q) s = UnknownMember \/
    membership_of (q_caller q') s = membership_of (q_caller q) s) ->
  (forall n, fact_of (facts n) (facts' n)) ->
  within (granted_of (check q)) (granted_of (check q')) /\
  (allowed (check q) = false -> why (check q) <> Some Undetermined -> allowed (check q') = false).
Proof.
  intros q' V M F.
  assert (More : knows_more q q').
  { split; [exact M|].
    split.
    - intros d k t.
      rewrite V.
      apply finish_narrows; [exact M|exact F].
    - intros d k.
      apply finish_some. }
  split; [apply law_11_granted, More|apply law_11_refused, More].
Qed.
