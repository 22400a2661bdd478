(** Laws of files and keys: the read-only attribute, the directories above, creating, renaming, and keys. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Layers LayersLaws LayersFiles LayersSteps LayersFilesLaws
  LayersKeys.
Import ListNotations.
Local Open Scope N_scope.
#[local] Arguments complement : simpl never.
#[local] Arguments single_rights : simpl never.
#[local] Arguments each_right : simpl never.
#[local] Arguments union : simpl never.
#[local] Arguments inter : simpl never.
#[local] Arguments diff : simpl never.

Section Files.
Context {descriptor : Type}.
Variable ask : descriptor -> mask -> bool -> bool -> decision.
Variable a : file_access descriptor.
Notation with_intent := (with_intent descriptor ask a).
Notation without_intent := (without_intent descriptor ask).

(** A file with the read-only attribute is not opened for writing. *)
Theorem read_only_is_not_written d : read_only _ a = true -> is_directory _ a = false ->
  intersects (explicit (file_request _ a)) (union FILE_WRITE_DATA FILE_APPEND_DATA) = true ->
  layers_allow (open_file descriptor ask a d) = false.
Proof.
  intros R D I. destruct (layers_allow (open_file descriptor ask a d)) eqn:A; [|reflexivity]. exfalso.
  destruct (opened ask a d A) as (j1 & j & _ & _ & _ & _ & _ & W). rewrite R, D in W. cbn [negb andb] in W.
  apply orb_false_iff in W. destruct W as [W _].
  apply intersects_spec in I. destruct I as (i & E & B).
  assert (X : intersects (explicit (needing (file_request _ a) (needed_by (f_disposition _ a))))
    (union FILE_WRITE_DATA FILE_APPEND_DATA) = true).
  { apply intersects_spec. exists i. split; [|exact B]. cbn [needing explicit]. rewrite union_bit, E.
    reflexivity. }
  congruence.
Qed.

(** A file with the read-only attribute is not overwritten or superseded. *)
Theorem read_only_is_not_replaced d : read_only _ a = true -> is_directory _ a = false ->
  replaces (f_disposition _ a) = true -> layers_allow (open_file descriptor ask a d) = false.
Proof.
  intros R D P. destruct (layers_allow (open_file descriptor ask a d)) eqn:A; [|reflexivity]. exfalso.
  destruct (opened ask a d A) as (j1 & j & _ & _ & _ & _ & _ & W). rewrite R, D, P, orb_true_r in W.
  discriminate.
Qed.

Lemma all_required r (f : descriptor -> decision) ds : forall p j,
  reaches (fold_left (fun p d => and_then p (require r (f d))) ds p) j ->
  (exists j0, p = GoesOn j0) /\ forall d, In d ds -> exists g, f d = Allow g.
Proof.
  induction ds as [|d ds IH]; intros p j H.
  - split; [exists j; apply H|contradiction].
  - cbn [fold_left] in H. destruct (IH _ _ H) as [[j0 E] All].
    destruct p as [j1|x]; [|discriminate]. cbn [and_then] in E, H. split; [exists j1; reflexivity|].
    assert (D : exists g, f d = Allow g).
    { destruct (f d) as [g|g m w]; [exists g; reflexivity|]. exfalso.
      destruct w; try discriminate. cbn [require] in H.
      assert (N : never_more (doubt j1) (fold_left (fun p d => and_then p (require r (f d))) ds (GoesOn
        (doubt j1))))
        by apply more_requires, narrows_same.
      destruct H as [H U]. rewrite H in N. destruct N as [_ N]. specialize (N U). discriminate. }
    intros x [<-|X]; [exact D|apply All, X].
Qed.

(** Without SeChangeNotifyPrivilege, each directory above must grant FILE_TRAVERSE. *)
Theorem traverse_is_needed d x : has_change_notify _ a = false -> In x (ancestors _ a) ->
  layers_allow (open_file descriptor ask a d) = true -> exists g, without_intent x FILE_TRAVERSE = Allow g.
Proof.
  intros N I A. destruct (opened ask a d A) as (j1 & j & R & _). unfold reach in R.
  apply reaches_then in R.
  - destruct R as (jf & _ & R). rewrite N in R. apply (all_required _ _ _ _ _ R), I.
  - intros k. destruct (has_change_notify _ a); [apply narrows_same|]. apply more_requires, narrows_same.
Qed.

Lemma more_create r : never_more new_join (try_create descriptor ask a r).
Proof.
  unfold try_create. apply never_more_then; [apply more_malformed|]. intros j.
  destruct (negb _); [reflexivity|]. destruct (_ && _); [reflexivity|].
  destruct (parent _ a) as [p|]; [|reflexivity]. apply never_more_then; [apply more_reach|]. intros k.
  destruct (_ && _); [reflexivity|]. apply never_more_then; [apply never_more_require|]. intros m.
  apply narrows_limit.
Qed.

(** A file is created only in a parent that is known and grants the right to add it. *)
Theorem parent_must_grant : layers_allow (create_file descriptor ask a) = true ->
  exists p g, parent _ a = Some p /\ with_intent p (add_right _ a) = Allow g.
Proof.
  intros A. unfold create_file in A. apply allowed_file in A; [|apply more_create].
  destruct A as (j & R & _). unfold try_create in R. destruct R as [R D].
  destruct (refuse_malformed _ a _ _) as [j0|x]; [|discriminate]. cbn [and_then] in R.
  destruct (negb _) in R; [discriminate|]. destruct (_ && _) in R; [discriminate|].
  destruct (parent _ a) as [p|]; [|discriminate].
  destruct (reach _ _ _ _ _ _) as [j1|x]; [|discriminate]. cbn [and_then] in R.
  destruct (_ && _) in R; [discriminate|].
  destruct (with_intent p (add_right _ a)) as [g|g m w] eqn:P; [exists p, g; auto|]. exfalso.
  destruct w; try discriminate. cbn [require and_then] in R. injection R as <-. discriminate.
Qed.
End Files.

Section Renaming.
Context {descriptor : Type}.
Variable ask : descriptor -> mask -> bool -> bool -> decision.
Variable a0 : file_access descriptor.
Notation a := (deleting descriptor a0).

Lemma more_replace r t p j : never_more j (replace_target descriptor ask a r t p j).
Proof.
  unfold replace_target. destruct (with_intent _ _ _ _ _) as [g|g m w]; [apply narrows_same|].
  destruct (negb _); [reflexivity|].
  assert (Doubt : never_more j (GoesOn (doubt j))).
  { split; [|discriminate]. intros b B. exists b. split; [exact B|exact (fun _ H => H)]. }
  destruct (without_intent _ _ p _) as [g'|g' m' w'].
  - destruct w; apply narrows_same.
  - destruct w; try exact Doubt; destruct w'; try exact Doubt; reflexivity.
Qed.

(** A file is renamed only if the new directory grants the right to add it, the file itself or its parent
    grants DELETE, and a file in the way is no directory, is not read-only, and may be deleted. *)
Theorem rename_needs n d : layers_allow (rename_file descriptor ask a0 n d) = true ->
  let add := if is_directory _ a then add_right _ a else union (add_right _ a) SYNCHRONIZE in
  (exists g, with_intent _ ask a (new_parent _ n) add = Allow g) /\
  (own_grant ask a d 16 \/ parent_grant ask a 16) /\
  target_is_directory _ n = false /\ target_read_only _ n = false /\
  forall t, target _ n = Some t -> (exists g, with_intent _ ask a t DELETE = Allow g) \/
    exists g, without_intent _ ask (new_parent _ n) FILE_DELETE_CHILD = Allow g.
Proof.
  cbn zeta. unfold rename_file. cbn zeta. set (r := file_request _ a).
  intros A. unfold try_rename in A. cbn zeta in A.
  destruct (target_is_directory _ n) eqn:TD; [discriminate|].
  destruct (target_read_only _ n) eqn:TR; [discriminate|].
  cbn [orb] in A. set (add := if is_directory _ a then _ else _) in *.
  match type of A with layers_allow (finish_progress r _ ?p) = true => destruct p as [j|x] eqn:E end.
  - cbn [finish_progress] in A. destruct (allowed_is_joined _ _ _ A) as [G D].
    assert (R : reaches (GoesOn j) j) by (split; [reflexivity|exact D]). rewrite <- E in R.
    apply reaches_then in R.
    2: { intros k. destruct (target _ n); [apply more_replace|apply narrows_same]. }
    destruct R as (j3 & R & RT). apply reaches_then in R; [|intros k; apply never_more_require].
    destruct R as (j2 & R & RP). apply reaches_then in R; [|intros k; apply more_own].
    destruct R as (j1 & _ & RO). apply reaches_require in RP. destruct RP as [P ->].
    split; [exact P|]. split; [|split; [reflexivity|split; [reflexivity|]]].
    + assert (B : bit (joined r j) 16 = true).
      { unfold finish_join in A. rewrite D in A.
        destruct (contains (joined r j) (explicit r)) eqn:C; [|discriminate].
        apply contains_spec with (i := 16) in C; [exact C|reflexivity]. }
      apply joined_from in B.
      assert (N : narrows_join j2 j).
      { destruct (target _ n) as [t|].
        - pose proof (more_replace r t (new_parent _ n) j2) as N. destruct RT as [RT _]. rewrite RT in N.
          exact N.
        - destruct RT as [[= <-] _]. apply narrows_same. }
      apply (own_rights_from ask a r r d j1 j2 RO 16).
      destruct (j_granted j2) as [g|] eqn:G2.
      * destruct N as [N _]. destruct (N g G2) as (g' & E' & W). rewrite E' in B. apply W, B.
      * exfalso. clear - RO G2. unfold own_rights, named_rights in RO.
        change (maximum r) with false in RO. cbn iota in RO. cbn zeta in RO.
        destruct (with_intent _ ask a d (explicit r)) as [g|g m w]; [destruct RO as [[= <-] _];
          discriminate|].
        destruct (negb _) in RO; [destruct (denied_is_no_way _ _ _ _ _ _ RO)|].
        destruct (is_empty _) in RO; [destruct RO as [[= <-] _]; discriminate|].
        destruct (_ =? _) in RO; [destruct (denied_is_no_way _ _ _ _ _ _ RO)|].
        destruct (with_intent _ ask a d _) as [g'|g' m' w'] in RO;
          [destruct RO as [[= <-] _]; discriminate|destruct (denied_is_no_way _ _ _ _ _ _ RO)].
    + intros t T. rewrite T in RT. destruct RT as [RT _]. unfold replace_target in RT.
      destruct (with_intent _ ask a t DELETE) as [g|g m w]; [left; exists g; reflexivity|right].
      destruct (negb _) in RT; [discriminate|].
      destruct (without_intent _ ask (new_parent _ n) FILE_DELETE_CHILD) as [g'|g' m' w']; [exists g';
        reflexivity|].
      exfalso. destruct w; try (destruct w'; try discriminate); injection RT as <-; discriminate.
  - exfalso. cbn [finish_progress] in A.
    match type of E with ?p = Ends x => assert (N : never_more new_join p) end.
    { apply never_more_then; [apply never_more_then; [apply never_more_then; [apply more_reach|]|]|].
      - intros k. apply more_own.
      - intros k. apply never_more_require.
      - intros k. destruct (target _ n); [apply more_replace|apply narrows_same]. }
    rewrite E in N. cbn in N. congruence.
Qed.
End Renaming.

(** * Keys *)

Section Keys.
Context {descriptor : Type}.
Variable ask : descriptor -> mask -> decision.
Variable a : key_access descriptor.

(** A key that is opened grants what its own descriptor grants, without the bits that choose a view. *)
Theorem opened_key d i : backup_restore _ a = false ->
  bit (layers_granted (open_key descriptor ask a d)) i = true ->
  bit VIEWS i = false /\ bit (granted_of (ask d (desired_of (key_request _ a)))) i = true.
Proof.
  intros B H. unfold open_key in H. rewrite B in H. unfold try_open_key in H.
  set (r := key_request _ a) in *. unfold refuse_malformed_key in H.
  destruct (contains _ _) in H; [cbn in H; discriminate|]. destruct (_ && _) in H; [cbn in H; discriminate|].
  cbn [and_then] in H. destruct (ask d (desired_of r)) as [g|g m w].
  - cbn [finish_progress] in H. set (j := limit_join _ 0 new_join) in *.
    match type of H with bit (layers_granted ?x) i = true => destruct (layers_allow x) eqn:A end;
      [|rewrite (refused_granted _ A) in H; discriminate].
    destruct (allowed_is_joined _ _ _ A) as [G _]. rewrite G in H. apply joined_from in H.
    apply limited_bit in H. rewrite diff_bit, andb_true_iff, negb_true_iff in H. cbn [granted_of]. tauto.
  - destruct w; cbn in H; discriminate.
Qed.

(** A key is created only in a parent that is known and grants the right to add it. *)
Theorem parent_key_must_grant : backup_restore _ a = false ->
  layers_allow (create_key descriptor ask a) = true ->
  exists p g, k_parent _ a = Some p /\ ask p (add_key_right _ a) = Allow g.
Proof.
  intros B A. unfold create_key in A. rewrite B in A. unfold try_create_key, refuse_malformed_key in A.
  destruct (contains _ _) in A; [discriminate|]. destruct (_ && _) in A; [discriminate|].
  cbn [and_then] in A. destruct (k_parent _ a) as [p|]; [|discriminate].
  destruct (is_empty _) in A; [discriminate|]. destruct (_ && _) in A; [discriminate|].
  destruct (ask p (add_key_right _ a)) as [g|g m w] eqn:P; [exists p, g; split; [reflexivity|exact P]|].
  exfalso. destruct w; discriminate.
Qed.

(** To back up or restore a key needs a privilege that grants something. *)
Theorem privilege_is_needed d : backup_restore _ a = true -> k_backup _ a = false -> k_restore _ a = false ->
  layers_allow (open_key descriptor ask a d) = false /\ layers_allow (create_key descriptor ask a) = false.
Proof.
  intros B K R. unfold open_key, create_key. rewrite B. unfold back_up_key, restore_key, key_privilege_bits.
  rewrite K, R. split; unfold refuse_malformed_key.
  all: destruct (contains _ _); [reflexivity|]; destruct (_ && _); reflexivity.
Qed.
End Keys.
