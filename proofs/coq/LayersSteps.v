(** The steps of opening a file: no step grants more than those before it. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Layers LayersLaws LayersFiles.
Import ListNotations.
Local Open Scope N_scope.
#[local] Arguments complement : simpl never.
#[local] Arguments single_rights : simpl never.
#[local] Arguments each_right : simpl never.
#[local] Arguments union : simpl never.
#[local] Arguments inter : simpl never.
#[local] Arguments diff : simpl never.

(** * Steps that went on without a doubt *)

(** The step went on to [j], and nothing so far is undetermined. *)
Definition reaches (p : progress) (j : join) : Prop := p = GoesOn j /\ j_doubt j = false.

(** Later steps grant no right that was not granted before, and keep each doubt. *)
Definition narrows_join (j j' : join) : Prop :=
  (forall g, j_granted j = Some g -> exists g', j_granted j' = Some g' /\ within g' g) /\
  (j_doubt j' = false -> j_doubt j = false).

Lemma narrows_same j : narrows_join j j.
Proof. split; [|auto]. intros g G. exists g. split; [exact G|exact (fun _ H => H)]. Qed.

Lemma narrows_next j j1 j2 : narrows_join j j1 -> narrows_join j1 j2 -> narrows_join j j2.
Proof.
  intros [G1 D1] [G2 D2]. split; [|auto]. intros g G. destruct (G1 g G) as (g1 & E1 & W1).
  destruct (G2 g1 E1) as (g2 & E2 & W2). exists g2. split; [exact E2|]. intros i H. apply W1, W2, H.
Qed.

Lemma narrows_limit g e j : narrows_join j (limit_join g e j).
Proof.
  split; [|auto]. intros b B. cbn [limit_join j_granted]. rewrite B. eexists. split; [reflexivity|].
  intros i. rewrite inter_bit, andb_true_iff. tauto.
Qed.

(** A step never grants more than what came before, and ends with nothing but a refusal. *)
Definition never_more (j : join) (p : progress) : Prop :=
  match p with GoesOn j' => narrows_join j j' | Ends d => layers_allow d = false end.

Lemma never_more_then j p next : never_more j p -> (forall j1, never_more j1 (next j1)) ->
  never_more j (and_then p next).
Proof.
  intros P N. destruct p as [j1|d]; [|exact P]. cbn [and_then]. specialize (N j1).
  destruct (next j1) as [j2|d]; [apply narrows_next with j1; assumption|exact N].
Qed.

Lemma never_more_doubt g e j : never_more j (GoesOn (doubt (limit_join g e j))).
Proof. destruct (narrows_limit g e j) as [G _]. split; [exact G|discriminate]. Qed.

Lemma never_more_denied r g why e j : never_more j (denied_by r g why e j).
Proof. destruct why; try reflexivity. apply never_more_doubt. Qed.

Lemma never_more_require r d j : never_more j (require r d j).
Proof.
  destruct d as [g|g m w]; [apply narrows_same|]. destruct w; try reflexivity. split; [|discriminate].
  intros b B. exists b. split; [exact B|exact (fun _ H => H)].
Qed.

Lemma never_more_ask r answer desired e j : never_more j (ask_layer r answer desired e j).
Proof.
  unfold ask_layer. destruct (is_empty (diff desired e)); [reflexivity|].
  destruct (answer (diff desired e)) as [g|g m w]; [apply narrows_limit|apply never_more_denied].
Qed.

Lemma reaches_then p next j : (forall j1, never_more j1 (next j1)) -> reaches (and_then p next) j ->
  exists j1, reaches p j1 /\ reaches (next j1) j.
Proof.
  intros N [H D]. destruct p as [j1|d]; [|discriminate]. exists j1. cbn [and_then] in H.
  split; [split; [reflexivity|]|split; assumption].
  specialize (N j1). rewrite H in N. apply N, D.
Qed.

Lemma reaches_require r d j j' : reaches (require r d j) j' -> (exists g, d = Allow g) /\ j' = j.
Proof.
  intros [H D]. destruct d as [g|g m w].
  - injection H as <-. split; [exists g|]; reflexivity.
  - destruct w; try discriminate. injection H as <-. discriminate.
Qed.

Lemma reaches_ask r answer desired e j j' : reaches (ask_layer r answer desired e j) j' ->
  exists g, answer (diff desired e) = Allow g /\ j' = limit_join g e j.
Proof.
  intros [H D]. unfold ask_layer in H. destruct (is_empty (diff desired e)); [discriminate|].
  destruct (answer (diff desired e)) as [g|g m w].
  - injection H as <-. exists g. split; reflexivity.
  - destruct w; try discriminate. injection H as <-. discriminate.
Qed.

Lemma denied_is_no_way r g why e j j' : ~ reaches (denied_by r g why e j) j'.
Proof. intros [H D]. destruct why; try discriminate. injection H as <-. discriminate. Qed.

Lemma refused_is_no_way r why j j' : ~ reaches (refuse r why j) j'.
Proof. intros [H _]. discriminate. Qed.

Section Files.
Context {descriptor : Type}.
Variable ask : descriptor -> mask -> bool -> bool -> decision.
Variable a : file_access descriptor.
Notation with_intent := (with_intent descriptor ask a).
Notation without_intent := (without_intent descriptor ask).

(** ** No step grants more than those before it *)

Lemma more_front r needs j : never_more j (front descriptor ask a r needs j).
Proof.
  unfold front. cbn zeta.
  assert (R : forall (d : option descriptor) j, never_more j
    match d with Some d => require r (without_intent d MAXIMUM_ALLOWED) j | None => GoesOn j end)
    by (intros [d|] k; [apply never_more_require|apply narrows_same]).
  assert (L : forall (d : option descriptor) e j, never_more j
    match d with Some d => ask_layer r (without_intent d) (desired_of needs) e j | None => GoesOn j end)
    by (intros [d|] e k; [apply never_more_ask|apply narrows_same]).
  apply never_more_then; [apply never_more_then|]; try (intros k; apply L).
  destruct (_ && _); [|apply narrows_same]. apply never_more_then; [apply R|intros k; apply R].
Qed.

Lemma more_requires r (f : descriptor -> decision) ds : forall j p, never_more j p ->
  never_more j (fold_left (fun p d => and_then p (require r (f d))) ds p).
Proof.
  induction ds as [|d ds IH]; intros j p P; [exact P|]. apply IH, never_more_then; [exact P|].
  intros k. apply never_more_require.
Qed.

Lemma more_reach r needs j : never_more j (reach descriptor ask a r needs j).
Proof.
  unfold reach. apply never_more_then; [apply more_front|]. intros k.
  destruct (has_change_notify descriptor a); [apply narrows_same|]. apply more_requires, narrows_same.
Qed.

Lemma more_own r needs d j : never_more j (own_rights descriptor ask a r needs d j).
Proof.
  unfold own_rights. destruct (maximum needs).
  - unfold maximum_rights. cbn zeta. set (first := with_intent d _).
    assert (G : forall p, never_more j p -> never_more j
      match first with Allow _ => p | Refuse g _ why => if can_be_mended why then p else denied_by r g why 0
        j end).
    { intros p P. destruct first as [g|g m w]; [exact P|]. destruct (can_be_mended w); [exact P|].
      apply never_more_denied. }
    apply G. destruct (_ && _); [reflexivity|].
    match goal with |- never_more j (match ?x with Allow _ => _ | Refuse _ _ _ => _ end) =>
      destruct x as [g|g m w] end; [apply narrows_limit|].
    destruct (_ || _); [|apply narrows_limit].
    match goal with |- never_more j (if ?b then _ else _) => destruct b end;
      [apply never_more_doubt|reflexivity].
  - unfold named_rights. destruct (with_intent d (explicit needs)) as [g|g m w]; [apply narrows_limit|].
    destruct (negb (can_be_mended w)); [apply never_more_denied|]. cbn zeta.
    destruct (is_empty _); [apply narrows_limit|].
    destruct (_ =? _); [apply never_more_denied|].
    destruct (with_intent d _) as [g'|g' m' w']; [apply narrows_limit|apply never_more_denied].
Qed.

Lemma more_malformed r j : never_more j (refuse_malformed descriptor a r j).
Proof.
  unfold refuse_malformed. destruct (_ && _); [reflexivity|]. destruct (intersects _ _); [reflexivity|].
  destruct (_ && _); [reflexivity|apply narrows_same].
Qed.

Lemma more_open r d : never_more new_join (try_open descriptor ask a r d).
Proof.
  unfold try_open. apply never_more_then; [apply more_malformed|]. intros j. cbn zeta.
  destruct (negb _); [reflexivity|]. destruct (_ && is_directory _ a); [reflexivity|].
  destruct (_ && _ && _); [reflexivity|]. destruct (_ && delete_on_close _ a); [reflexivity|].
  apply never_more_then; [apply more_reach|]. intros k. apply more_own.
Qed.

(** A decision that allows comes from steps that all went on. *)
Lemma allowed_file attempt desired : (forall r, never_more new_join (attempt r)) ->
  layers_allow (decide_file attempt desired) = true ->
  exists j, reaches (attempt (request_for desired)) j /\
    layers_granted (decide_file attempt desired) = joined (request_for desired) j.
Proof.
  unfold decide_file. intros N. specialize (N (request_for desired)).
  destruct (attempt (request_for desired)) as [j|d]; cbn [finish_progress].
  - intros H. destruct (allowed_is_joined _ _ _ H) as [G D]. exists j. repeat split; assumption.
  - cbn in N. congruence.
Qed.
End Files.
