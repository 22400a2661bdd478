(** The check about the parts of an object, as src/check/objects.rs does it: one access state for each node.

    An entry for a part puts rights into a state in its node and in those below it. Then the nodes above take
    over what follows: a node is denied what any node below it is denied, and is granted what all nodes
    directly below it are granted ([MS-ADTS] 5.1.3.3.3). *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model.
Import ListNotations.
Local Open Scope N_scope.

(** * Trees *)

(** Nodes side by side, each with its GUID, its state, and the nodes below it. *)
Inductive forest :=
  | Nil
  | Node (o : object) (s : access_state) (below rest : forest).

(** The GUIDs of all nodes, each before those below it. *)
Fixpoint guids (f : forest) : list object :=
  match f with Nil => [] | Node o _ below rest => o :: guids below ++ guids rest end.

(** Adds a node as the last one of a level. [None] if a level is skipped. *)
Fixpoint add_node (depth : nat) (o : object) (s : access_state) (f : forest) : option forest :=
  match f, depth with
  | Nil, O => Some (Node o s Nil Nil)
  | Nil, S _ => None
  | Node o' s' below Nil, S depth => option_map (fun below => Node o' s' below Nil) (add_node depth o s below)
  | Node o' s' below rest, _ => option_map (Node o' s' below) (add_node depth o s rest)
  end.

(** The tree of a list of levels and GUIDs, with every wanted right open in each node. *)
Definition tree_of (wanted : mask) (nodes : list (nat * object)) : option forest :=
  fold_left (fun f node => match f with
    | Some f => add_node (fst node) (snd node) (start wanted) f
    | None => None
    end) nodes (Some Nil).

(** The state of the node with this GUID. *)
Fixpoint find_state (g : object) (f : forest) : option access_state :=
  match f with
  | Nil => None
  | Node o s below rest =>
    if o =? g then Some s
    else match find_state g below with Some s => Some s | None => find_state g rest end
  end.

Definition state_at (g : object) (f : forest) : access_state :=
  match find_state g f with Some s => s | None => start 0 end.

(** * Effects on trees *)

(** An effect on the whole object. *)
Fixpoint apply_to_all (x : effect) (f : forest) : forest :=
  match f with
  | Nil => Nil
  | Node o s below rest => Node o (apply_bits s x) (apply_to_all x below) (apply_to_all x rest)
  end.

(** The rights that are certainly denied. *)
Definition denied (s : access_state) : mask := diff (diff (may_denied s) (may_granted s)) (open s).

(** The rights that some of these nodes, or all of them, have. *)
Fixpoint in_some (rights : access_state -> mask) (f : forest) : mask :=
  match f with Nil => 0 | Node _ s _ rest => union (rights s) (in_some rights rest) end.

Fixpoint in_each (rights : access_state -> mask) (f : forest) : mask :=
  match f with
  | Nil => 0
  | Node _ s _ Nil => rights s
  | Node _ s _ rest => inter (rights s) (in_each rights rest)
  end.

(** A node takes over what follows from the nodes directly below it. *)
Definition take_over (s : access_state) (below : forest) : access_state :=
  fold_left apply_bits
    [(Denied, in_some denied below); (MayBeDenied, in_some may_denied below);
     (Granted, in_each granted below); (MayBeGranted, in_each may_granted below)] s.

(** An effect on the node with this GUID. [None] if there is no such node. *)
Fixpoint apply_at (g : object) (x : effect) (f : forest) : option forest :=
  match f with
  | Nil => None
  | Node o s below rest =>
    if o =? g then Some (Node o (apply_bits s x) (apply_to_all x below) rest)
    else
      match apply_at g x below with
      | Some below => Some (Node o (take_over s below) below rest)
      | None => option_map (Node o s below) (apply_at g x rest)
      end
  end.

(** Whether no further entry can change the answer about any node. *)
Fixpoint all_settled (r : request) (f : forest) : bool :=
  match f with
  | Nil => true
  | Node _ s below rest => is_settled r s && all_settled r below && all_settled r rest
  end.

(** * The check *)

Section Parts.
Context {condition : Type}.

(** The question about one part: the GUIDs of its node and of the nodes above it. *)
Definition with_part (q : question condition) (part : list object) : question condition :=
  {| q_descriptor := q_descriptor q; q_caller := q_caller q; q_desired := q_desired q;
     q_options := q_options q; q_part := Some part; q_evaluates_policies := q_evaluates_policies q;
     q_verdict := q_verdict q |}.

Variable q : question condition.
Variable tree : forest.

(** An entry with the GUID of any node counts. *)
Let about_all : question condition := with_part q (guids tree).

Definition apply_target (f : forest) (target : option object) (x : effect) : forest :=
  match target with
  | None => apply_to_all x f
  | Some g => match apply_at g x f with Some f => f | None => f end
  end.

(** The node that an entry is about. One of an unknown type is about the whole object. *)
Definition target_of (e : ace condition) : option object :=
  match a_kind e with KUnknown => None | _ => a_object e end.

Definition apply_entry (a : account) (f : forest) (e : ace condition) : forest :=
  match entry_effect about_all a e with
  | Some x => apply_target f (target_of e) x
  | None => f
  end.

Fixpoint tree_entries (a : account) (es : list (ace condition)) (f : forest) : forest :=
  match es with
  | [] => f
  | e :: es => if all_settled (req q) f then f else tree_entries a es (apply_entry a f e)
  end.

(** One walk over the DACL. *)
Definition tree_pass (a : account) (f : forest) : forest :=
  match dacl (q_descriptor q) with
  | None => if is_container a then f else apply_to_all (Granted, unprotected q) f
  | Some es =>
    tree_entries a es
      (match implicit_owner_rights q a es with Some x => apply_to_all x f | None => f end)
  end.

(** The states of all nodes at the end of a pass. *)
Definition tree_after_pass (a : account) : forest :=
  tree_pass a (fold_left (fun f x => apply_to_all x f) (begins q a) tree).

(** The rights that a node is granted. *)
Definition node_grants (g : object) : grants := grants_of_passes q (fun a => state_at g (tree_after_pass a)).

(** The decision about a node. *)
Definition check_node (g : object) : decision :=
  match refusal q with Some why => refused (req q) why | None => decide (req q) (node_grants g) end.

(** The rights that some nodes all are granted. *)
Definition grants_of_nodes (nodes : list object) : grants :=
  fold_right (fun g all =>
    {| g_certain := inter (g_certain (node_grants g)) (g_certain all);
       g_possible := inter (g_possible (node_grants g)) (g_possible all) |})
    {| g_certain := everything; g_possible := everything |} nodes.

(** The decision about all nodes together. *)
Definition check_overall : decision :=
  match refusal q with
  | Some why => refused (req q) why
  | None => decide (req q) (grants_of_nodes (guids tree))
  end.
End Parts.

(** The decisions about all nodes together, and about each node of a list of levels and GUIDs. *)
Definition check_parts {condition : Type} (q : question condition) (nodes : list (nat * object)) :
  option (decision * list decision) :=
  option_map (fun tree => (check_overall q tree, map (check_node q tree) (guids tree)))
    (tree_of (wanted (req q)) nodes).
