(* Numbers of the model, which are Coq's, and numbers of OCaml. *)
open BinNums

let rec positive i =
  if i = 1 then Coq_xH else if i land 1 = 1 then Coq_xI (positive (i lsr 1)) else Coq_xO (positive (i lsr 1))

let n i = if i = 0 then N0 else Npos (positive i)
let z i = if i = 0 then Z0 else if i > 0 then Zpos (positive i) else Zneg (positive (-i))
let rec of_positive = function Coq_xH -> 1 | Coq_xO p -> 2 * of_positive p | Coq_xI p -> (2 * of_positive p) + 1
let int = function N0 -> 0 | Npos p -> of_positive p
let rec nat i = if i = 0 then Datatypes.O else S (nat (i - 1))
