(** The three truth values of [MS-DTYP] 2.4.4.17.7, and sets of them. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Values Conditions.
Import ListNotations.

(** Decides a statement about sets of truth values by looking at each set. *)
Ltac each_verdict :=
  repeat match goal with v : verdict |- _ => destruct v as [[] [] []] end; cbn in *.

(** * Truth values *)

(** The negation of a negation is the value itself. *)
Theorem not_not a : truth_not (truth_not a) = a.
Proof. destruct a; reflexivity. Qed.

(** The sides of [&&] may change places. *)
Theorem and_commutes a b : truth_and a b = truth_and b a.
Proof. destruct a, b; reflexivity. Qed.

(** The sides of [||] may change places. *)
Theorem or_commutes a b : truth_or a b = truth_or b a.
Proof. destruct a, b; reflexivity. Qed.

(** Pairs of parentheses in a chain of [&&] do not matter. *)
Theorem and_associates a b c : truth_and a (truth_and b c) = truth_and (truth_and a b) c.
Proof. destruct a, b, c; reflexivity. Qed.

(** Nor do they matter in a chain of [||]. *)
Theorem or_associates a b c : truth_or a (truth_or b c) = truth_or (truth_or a b) c.
Proof. destruct a, b, c; reflexivity. Qed.

(** False is stronger than unknown in [&&], and true is in [||]. *)
Theorem strong_values a : truth_and FalseT a = FalseT /\ truth_or TrueT a = TrueT.
Proof. destruct a; split; reflexivity. Qed.

(** * Sets of truth values *)

(** At least one value is possible. *)
Definition inhabited (v : verdict) : Prop := exists t, can_be v t = true.

(** Each value of the first set is in the second one. *)
Definition narrows (v' v : verdict) : Prop := forall t, can_be v' t = true -> can_be v t = true.

Lemma narrows_refl v : narrows v v.
Proof. exact (fun _ H => H). Qed.

Lemma narrows_any v : narrows v any.
Proof. intros []; reflexivity. Qed.

Lemma certain_can_be t u : can_be (certain t) u = true <-> u = t.
Proof. destruct t, u; cbn; split; congruence. Qed.

Lemma inhabited_certain t : inhabited (certain t).
Proof. exists t. apply certain_can_be. reflexivity. Qed.

(** The negation of a negation is the set itself. *)
Theorem verdict_not_not v : verdict_not (verdict_not v) = v.
Proof. destruct v; reflexivity. Qed.

Theorem verdict_and_commutes v w : verdict_and v w = verdict_and w v.
Proof. each_verdict; reflexivity. Qed.

Theorem verdict_or_commutes v w : verdict_or v w = verdict_or w v.
Proof. each_verdict; reflexivity. Qed.

Lemma not_exact v t : can_be (verdict_not v) t = can_be v (truth_not t).
Proof. destruct t; reflexivity. Qed.

Lemma and_has v w a b : can_be v a = true -> can_be w b = true ->
  can_be (verdict_and v w) (truth_and a b) = true.
Proof. destruct a, b; each_verdict; congruence. Qed.

(** A set of [&&] holds just the values that [&&] makes of a value on each side. *)
Theorem verdict_and_exact v w t : inhabited v -> inhabited w ->
  can_be (verdict_and v w) t = true <->
  exists a b, can_be v a = true /\ can_be w b = true /\ truth_and a b = t.
Proof.
  intros [x X] [y Y]. split.
  - intros H.
    assert (Some_pair : existsb (fun p => can_be v (fst p) && can_be w (snd p)
        && match truth_and (fst p) (snd p), t with
           | TrueT, TrueT | FalseT, FalseT | UnknownT, UnknownT => true | _, _ => false end)
      (list_prod [TrueT; FalseT; UnknownT] [TrueT; FalseT; UnknownT]) = true)
      by (destruct t, x, y; each_verdict; congruence).
    apply existsb_exists in Some_pair. destruct Some_pair as ([a b] & _ & P).
    rewrite !andb_true_iff in P. destruct P as [[A B] E]. cbn in A, B, E.
    exists a, b. repeat split; [exact A|exact B|].
    destruct (truth_and a b), t; congruence.
  - intros (a & b & A & B & <-). apply and_has; assumption.
Qed.

(** A set of [||] holds just the values that [||] makes of a value on each side. *)
Theorem verdict_or_exact v w t : inhabited v -> inhabited w ->
  can_be (verdict_or v w) t = true <-> exists a b, can_be v a = true /\ can_be w b = true /\ truth_or a b = t.
Proof.
  intros [x X] [y Y]. unfold verdict_or. rewrite not_exact, verdict_and_exact.
  - split; intros (a & b & A & B & E); exists (truth_not a), (truth_not b); rewrite not_exact in *.
    + repeat split; [exact A|exact B|]. unfold truth_or. rewrite !not_not, E. apply not_not.
    + rewrite !not_exact, !not_not. repeat split; [exact A|exact B|]. rewrite <- E. unfold truth_or.
      symmetry. apply not_not.
  - exists (truth_not x). rewrite not_exact, not_not. exact X.
  - exists (truth_not y). rewrite not_exact, not_not. exact Y.
Qed.

Lemma narrows_not v' v : narrows v' v -> narrows (verdict_not v') (verdict_not v).
Proof. intros H t. rewrite !not_exact. apply H. Qed.

Lemma narrows_and v' v w' w : narrows v' v -> narrows w' w -> narrows (verdict_and v' w') (verdict_and v w).
Proof.
  intros H K.
  pose proof (H TrueT). pose proof (H FalseT). pose proof (H UnknownT).
  pose proof (K TrueT). pose proof (K FalseT). pose proof (K UnknownT).
  intros []; cbn in *; rewrite ?orb_true_iff, ?andb_true_iff, ?orb_true_iff; tauto.
Qed.

Lemma narrows_or v' v w' w : narrows v' v -> narrows w' w -> narrows (verdict_or v' w') (verdict_or v w).
Proof. intros H K. apply narrows_not, narrows_and; apply narrows_not; assumption. Qed.

Lemma narrows_plain (negated : bool) v' v : narrows v' v ->
  narrows (if negated then verdict_not v' else v') (if negated then verdict_not v else v).
Proof. destruct negated; [apply narrows_not|auto]. Qed.

Lemma inhabited_not v : inhabited v -> inhabited (verdict_not v).
Proof. intros [t T]. exists (truth_not t). rewrite not_exact, not_not. exact T. Qed.

Lemma inhabited_and v w : inhabited v -> inhabited w -> inhabited (verdict_and v w).
Proof. intros [a A] [b B]. exists (truth_and a b). apply and_has; assumption. Qed.

Lemma inhabited_or v w : inhabited v -> inhabited w -> inhabited (verdict_or v w).
Proof. intros A B. apply inhabited_not, inhabited_and; apply inhabited_not; assumption. Qed.

(** * Certain sets *)

Lemma is_certain_iff v : is_certain v = true <-> exists t, v = certain t.
Proof.
  split.
  - intros H. exists (truth_of_verdict v). each_verdict; try discriminate; reflexivity.
  - intros [t ->]. destruct t; reflexivity.
Qed.

Lemma truth_of_certain t : truth_of_verdict (certain t) = t.
Proof. destruct t; reflexivity. Qed.

(** If one value is possible, no narrower set has another. *)
Lemma narrows_certain v t : inhabited v -> narrows v (certain t) -> v = certain t.
Proof.
  intros [u U] H. pose proof (H TrueT). pose proof (H FalseT). pose proof (H UnknownT).
  destruct t, u; each_verdict; intuition discriminate.
Qed.

Lemma certain_and t u : verdict_and (certain t) (certain u) = certain (truth_and t u).
Proof. destruct t, u; reflexivity. Qed.

Lemma certain_or t u : verdict_or (certain t) (certain u) = certain (truth_or t u).
Proof. destruct t, u; reflexivity. Qed.

Lemma certain_not t : verdict_not (certain t) = certain (truth_not t).
Proof. destruct t; reflexivity. Qed.
