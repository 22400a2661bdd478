(** Malformed conditions and limits: what is wrong or too much makes a condition unknown, and nothing else. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Values Conditions ConditionsTruth.
Import ListNotations.
Local Open Scope N_scope.

(** * A failure lasts *)

Section Failure.
Variable fold : N -> N.
Variable limit : N.
Variable e : environment.

Lemma failed_push_result r s : failed s = true -> failed (push_result r s) = true.
Proof. destruct r; cbn; [intros ->|]; reflexivity. Qed.

Lemma failed_pop s : failed (snd (pop s)) = failed s.
Proof. unfold pop. destruct (stack s); reflexivity. Qed.

Lemma push_nothing_failed s : failed (push_result None s) = true.
Proof. reflexivity. Qed.

Lemma failed_step t s : failed s = true -> failed (step fold limit e s t) = true.
Proof.
  intros F. destruct t as [v|members|class name|op]; cbn [step].
  - cbn. rewrite F. reflexivity.
  - cbn. rewrite F. reflexivity.
  - destruct (attribute e class name); cbn; rewrite F; reflexivity.
  - unfold operate. pose proof (failed_pop s) as F1.
    destruct (pop s) as [[last|] s1]; cbn [snd] in F1; [|reflexivity].
    rewrite F in F1. destruct (takes_two op).
    + pose proof (failed_pop s1) as F2. destruct (pop s1) as [[first|] s2]; cbn [snd] in F2; [|reflexivity].
      rewrite F1 in F2. unfold operate_on_two. destruct (kind_of_operator op); try exact F2.
      * destruct (seen_of first); [|reflexivity]. destruct (seen_of last); [|reflexivity].
        destruct (test_relation _ _ _ _ _) as [[res m] c]. apply failed_push_result, F2.
      * apply failed_push_result, F2.
    + unfold operate_on_one. destruct (kind_of_operator op); try exact F1; try apply failed_push_result, F1.
      destruct (test_membership _ _ _ _). apply failed_push_result, F1.
Qed.

Lemma failed_steps ts : forall s, failed s = true -> failed (fold_left (step fold limit e) ts s) = true.
Proof. induction ts as [|t ts IH]; intros s F; [exact F|]. apply IH, failed_step, F. Qed.

Lemma failed_finish s : failed s = true -> finish s = certain UnknownT.
Proof.
  intros F. unfold finish. destruct (fst (pop s)) as [o|]; [|reflexivity].
  destruct (verdict_of_operand o); [|reflexivity]. rewrite F. reflexivity.
Qed.

(** An operator that has operands which it does not take makes the whole condition unknown, whatever
    follows. *)
Theorem failure_lasts p ts : failed (fold_left (step fold limit e) ts begin) = true ->
  (exists rest, tokens p = ts ++ rest) -> values_possible (evaluate fold limit e p) = certain UnknownT.
Proof.
  intros F [rest E]. apply failed_finish. unfold run_tokens. rewrite E, fold_left_app.
  destruct (bytes_left p); [reflexivity|]. apply failed_steps, F.
Qed.

(** * Malformed conditions *)

(** A condition with bytes that are no token is unknown. *)
Theorem malformed_is_unknown p : bytes_left p = true ->
  values_possible (evaluate fold limit e p) = certain UnknownT.
Proof. intros B. apply failed_finish. unfold run_tokens. rewrite B. reflexivity. Qed.

(** A condition without tokens is unknown. *)
Theorem empty_is_unknown left : values_possible (evaluate fold limit e {| tokens := []; bytes_left := left |})
  = certain UnknownT.
Proof. destruct left; reflexivity. Qed.

(** An operator without an operand makes the whole condition unknown. *)
Theorem operand_missing_is_unknown op rest left :
  values_possible (evaluate fold limit e {| tokens := OperatorToken op :: rest; bytes_left := left |})
  = certain UnknownT.
Proof. apply failure_lasts with (ts := [OperatorToken op]); [reflexivity|]. exists rest. reflexivity. Qed.

(** A literal alone is no condition: it is unknown. *)
Theorem literal_is_unknown v left :
  values_possible (evaluate fold limit e {| tokens := [LiteralToken v]; bytes_left := left |})
  = certain UnknownT.
Proof. destruct left; reflexivity. Qed.

(** * The limits *)

(** An operand that finds no room on the stack makes the whole condition unknown. *)
Theorem no_room_fails o s : N.of_nat (length (stack s)) >= MAX_WAITING_OPERANDS -> failed (push o s) = true.
Proof.
  intros H. unfold push. cbn [failed].
  replace (N.of_nat (length (stack s)) <? MAX_WAITING_OPERANDS) with false; [apply orb_true_r|].
  symmetry. apply N.ltb_ge. lia.
Qed.

Definition cut_fails (s : state) : Prop := cut s = true -> failed s = true.

Lemma cut_push_result r s : cut_fails s -> cut_fails (push_result r s).
Proof. intros C. destruct r; intros K; cbn in *; [rewrite C by exact K|]; reflexivity. Qed.

Lemma cut_pop s : cut_fails s -> cut_fails (snd (pop s)).
Proof. unfold cut_fails, pop. destruct (stack s); auto. Qed.

Lemma cut_step t s : cut_fails s -> cut_fails (step fold limit e s t).
Proof.
  intros C. destruct t as [v|members|class name|op]; cbn [step].
  - exact (cut_push_result (Some (Values (One v))) s C).
  - exact (cut_push_result (Some (Values (Many members))) s C).
  - destruct (attribute e class name) as [c| |].
    + exact (cut_push_result (Some (Attribute class (Found c))) s C).
    + exact (cut_push_result (Some (Attribute class AbsentAttribute)) s C).
    + exact (cut_push_result (Some (Attribute class UnknownAttribute)) (ask [UnknownClaim class name] s) C).
  - unfold operate. pose proof (cut_pop s C) as C1.
    destruct (pop s) as [[last|] s1]; cbn [snd] in C1; [|apply cut_push_result, C1].
    destruct (takes_two op).
    + pose proof (cut_pop s1 C1) as C2. destruct (pop s1) as [[first|] s2]; cbn [snd] in C2;
        [|apply cut_push_result, C2].
      unfold operate_on_two.
      destruct (kind_of_operator op) as [r negated|who one negated|negated|conjunction|]; try exact C2.
      * destruct (seen_of first) as [l|]; [|apply cut_push_result, C2].
        destruct (seen_of last) as [l'|]; [|apply cut_push_result, C2].
        unfold test_relation. destruct (asks_for_nothing r l').
        { apply cut_push_result. intros K. apply C2. cbn in K. rewrite orb_false_r in K. exact K. }
        destruct l as [vl| |], l' as [vr| |]; cbn [option_map].
        all: try (apply cut_push_result; intros K; apply C2; cbn in K; rewrite orb_false_r in K; exact K).
        destruct (relation_holds fold limit r vl vr); [|intros _; reflexivity].
        apply cut_push_result. intros K. apply C2. cbn in K. rewrite orb_false_r in K. exact K.
      * apply cut_push_result, C2.
    + unfold operate_on_one.
      destruct (kind_of_operator op) as [r negated|who one negated|negated|conjunction|]; try exact C1;
        try apply cut_push_result, C1.
      destruct (test_membership e who one last). apply cut_push_result. exact C1.
Qed.

(** A condition that compares sets which are too large is unknown. *)
Theorem too_large_is_unknown p : too_large (evaluate fold limit e p) = true ->
  values_possible (evaluate fold limit e p) = certain UnknownT.
Proof.
  assert (C : forall ts s, cut_fails s -> cut_fails (fold_left (step fold limit e) ts s))
    by (induction ts as [|t ts IH]; intros s C; [exact C|apply IH, cut_step, C]).
  cbn. intros K. apply failed_finish. unfold run_tokens in *.
  destruct (bytes_left p); [reflexivity|]. apply C; [discriminate|exact K].
Qed.
End Failure.

(** * A higher limit *)

Section Limits.
Variable fold : N -> N.
Variables limit limit' : N.
Hypothesis Higher : limit <= limit'.
Variable e : environment.

Lemma fits_higher l r : is_too_large limit l r = false -> is_too_large limit' l r = false.
Proof.
  unfold is_too_large. intros H. apply N.ltb_ge in H. apply N.ltb_ge. lia.
Qed.

Lemma relation_higher r l l' : is_too_large limit l l' = false ->
  relation_holds fold limit' r l l' = relation_holds fold limit r l l'.
Proof.
  intros H. unfold relation_holds, common_kind. rewrite H, (fits_higher _ _ H). reflexivity.
Qed.

Lemma test_relation_higher r l l' : snd (test_relation fold limit r l l') = false ->
  test_relation fold limit' r l l' = test_relation fold limit r l l'.
Proof.
  unfold test_relation. destruct (asks_for_nothing r l'); [reflexivity|].
  destruct l as [vl| |], l' as [vr| |]; try reflexivity.
  assert (Fits : is_too_large limit vl vr = true -> relation_holds fold limit r vl vr = None)
    by (intros T; unfold relation_holds, common_kind; rewrite T, andb_false_r; reflexivity).
  destruct (is_too_large limit vl vr) eqn:T.
  - rewrite Fits by reflexivity. discriminate.
  - intros _. rewrite (relation_higher _ _ _ T), (fits_higher _ _ T). reflexivity.
Qed.

Lemma cut_stays t s : cut s = true -> cut (step fold limit e s t) = true.
Proof.
  assert (P : forall x, cut (snd (pop x)) = cut x) by (intros x; unfold pop; destruct (stack x); reflexivity).
  assert (R : forall r x, cut (push_result r x) = cut x) by (intros [o|] x; reflexivity).
  intros C. destruct t as [v|members|class name|op]; cbn [step]; try exact C.
  - destruct (attribute e class name); exact C.
  - unfold operate. pose proof (P s) as P1.
    destruct (pop s) as [[last|] s1]; cbn [snd] in P1; rewrite C in P1;
      [|rewrite R; exact P1].
    destruct (takes_two op).
    + pose proof (P s1) as P2. destruct (pop s1) as [[first|] s2]; cbn [snd] in P2; rewrite P1 in P2;
        [|rewrite R; exact P2].
      unfold operate_on_two. destruct (kind_of_operator op); try exact P2; rewrite ?R; try exact P2.
      destruct (seen_of first); [|rewrite R; exact P2]. destruct (seen_of last); [|rewrite R; exact P2].
      destruct (test_relation _ _ _ _ _) as [[res m] c]. rewrite R. cbn. rewrite P2. reflexivity.
    + unfold operate_on_one. destruct (kind_of_operator op); try exact P1; rewrite ?R; try exact P1.
      destruct (test_membership _ _ _ _). rewrite R. exact P1.
Qed.

Lemma step_higher t s : cut (step fold limit e s t) = false -> step fold limit' e s t = step fold limit e s t.
Proof.
  destruct t as [v|members|class name|op]; try reflexivity. cbn [step]. unfold operate.
  destruct (pop s) as [[last|] s1]; [|reflexivity]. destruct (takes_two op); [|reflexivity].
  destruct (pop s1) as [[first|] s2]; [|reflexivity]. unfold operate_on_two.
  destruct (kind_of_operator op) as [r negated|who one negated|negated|conjunction|]; try reflexivity.
  destruct (seen_of first) as [l|]; [|reflexivity]. destruct (seen_of last) as [l'|]; [|reflexivity].
  intros C. rewrite test_relation_higher; [reflexivity|].
  destruct (test_relation fold limit r l l') as [[res m] c].
  destruct (option_map (plain negated) res); cbn in C; apply orb_false_iff in C; apply C.
Qed.

(** A higher limit changes nothing but conditions that are too large for the lower one, and those are
    unknown. *)
Theorem limit_only_cuts p : too_large (evaluate fold limit e p) = false ->
  evaluate fold limit' e p = evaluate fold limit e p.
Proof.
  assert (Stays : forall ts s, cut s = true -> cut (fold_left (step fold limit e) ts s) = true)
    by (induction ts as [|t ts IH]; intros s C; [exact C|apply IH, cut_stays, C]).
  assert (Same : forall ts s, cut (fold_left (step fold limit e) ts s) = false ->
    fold_left (step fold limit' e) ts s = fold_left (step fold limit e) ts s).
  { induction ts as [|t ts IH]; intros s C; [reflexivity|]. cbn in *.
    rewrite step_higher; [apply IH, C|].
    destruct (cut (step fold limit e s t)) eqn:K; [|reflexivity]. rewrite (Stays _ _ K) in C. discriminate. }
  cbn. unfold evaluate, run_tokens. intros C.
  rewrite Same; [reflexivity|]. destruct (bytes_left p); exact C.
Qed.
End Limits.
