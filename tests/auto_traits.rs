//! Every public type can be sent, shared and kept: `Send + Sync + Unpin + 'static`.

use sddl_authz::{
    Span, ace, acl, binary, caller, central_policy, check, claim, condition, descriptor, encoded, layers, limits, mask,
    render, sddl, sid,
};

const fn of<T: Send + Sync + Unpin + core::panic::UnwindSafe + core::panic::RefUnwindSafe + 'static>() {}

#[test]
fn every_public_type_is_send_sync_unpin_and_static() {
    of::<Span>();
    of::<limits::Limits>();

    of::<sid::AliasTarget>();
    of::<sid::DomainSids>();
    of::<sid::Sid>();
    of::<sid::SidError>();
    of::<sid::WellKnown>();

    of::<mask::AccessMask>();
    of::<mask::GenericMapping>();
    of::<mask::RightToken>();
    of::<mask::NamedRight>();
    of::<mask::RightsTable>();

    of::<claim::Claim>();
    of::<claim::ClaimError>();
    of::<claim::ClaimFlags>();
    of::<claim::ClaimType>();
    of::<claim::ClaimValues>();

    of::<condition::Attribute>();
    of::<condition::AttributeClass>();
    of::<condition::Radix>();
    of::<condition::Condition>();
    of::<condition::ConditionError>();
    of::<condition::ConditionErrorKind>();
    of::<condition::Integer>();
    of::<condition::Lookup<&'static claim::Claim>>();
    of::<condition::Literal>();
    of::<condition::UnknownFact<'static>>();
    of::<condition::Operator>();
    of::<condition::OperatorKind>();
    of::<condition::Sign>();
    of::<condition::Subject>();
    of::<condition::Token>();
    of::<condition::Truth>();
    of::<condition::Utf16<'_>>();
    of::<condition::TruthSet>();
    of::<condition::Width>();

    of::<ace::Ace>();
    of::<ace::AceError>();
    of::<ace::AceFlags>();
    of::<ace::AceParts>();
    of::<ace::AceType>();
    of::<ace::ApplicationData>();
    of::<ace::Effect>();
    of::<ace::Layout>();
    of::<ace::ObjectTypes>();
    of::<ace::UnknownAceType>();

    of::<acl::Acl>();
    of::<acl::AclState>();
    of::<acl::CanonicalRule>();
    of::<acl::NonCanonical>();

    of::<render::Description<'static>>();
    of::<render::Escaped<'static>>();
    of::<render::Excerpt<'static>>();
    of::<render::ExplanationText<'static>>();
    of::<render::LayersText<'static>>();
    of::<render::LookUp<'static>>();
    of::<render::DisplayRights>();

    of::<descriptor::AclFlag>();
    of::<descriptor::Control>();
    of::<descriptor::Inheritance>();
    of::<descriptor::SecurityDescriptor>();
    of::<descriptor::SecurityDescriptorBuilder>();

    of::<sddl::AliasDomain>();
    of::<sddl::Dialect>();
    of::<sddl::Inspection>();
    of::<sddl::AclKind>();
    of::<sddl::Options>();
    of::<sddl::ParseError>();
    of::<sddl::ParseErrorKind>();
    of::<sddl::PrintError>();
    of::<sddl::Violation>();
    of::<sddl::ViolationKind>();

    of::<binary::DescriptorView<'static>>();
    of::<binary::DecodeError>();
    of::<binary::DecodeErrorKind>();
    of::<binary::EncodeError>();

    of::<caller::AppContainer>();
    of::<caller::Caller>();
    of::<caller::CallerError>();
    of::<caller::Group>();
    of::<caller::Membership>();

    of::<caller::IntegrityLevel>();
    of::<caller::Privileges>();

    of::<encoded::TextChecker>();

    of::<central_policy::CentralPolicies>();
    of::<central_policy::CentralPolicy>();
    of::<central_policy::CentralPolicyError>();
    of::<central_policy::CentralPolicyErrorKind>();
    of::<central_policy::CentralRule>();

    of::<check::AccessCheck<'static>>();
    of::<check::AppliesTo>();
    of::<check::AuditEntry>();
    of::<check::PartsCheck<'static>>();
    of::<check::PartsDecision>();
    of::<check::PolicyExplanation>();
    of::<check::RuleExplanation>();
    of::<check::Unprotected>();
    of::<check::Unresolved>();
    of::<check::ObjectTree>();
    of::<check::ObjectTreeError>();
    of::<layers::Disposition>();
    of::<layers::DispositionError>();
    of::<layers::FileAccess<'static>>();
    of::<layers::KeyAccess<'static>>();
    of::<layers::Layer<'static>>();
    of::<layers::LayerRule>();
    of::<layers::LayerStep>();
    of::<layers::LayeredExplanation>();
    of::<layers::LayeredMissingRights>();
    of::<layers::Rename<'static>>();
    of::<check::RightOutcome>();
    of::<check::MissingRights>();
    of::<check::MissingCause>();
    of::<check::Pass>();
    of::<check::Decision>();
    of::<check::Denial>();
    of::<check::DenialReason>();
    of::<check::EntryOutcome>();
    of::<check::Explanation>();
    of::<check::Options>();
    of::<check::Step>();
    of::<check::Unevaluated>();
}

#[cfg(feature = "mim")]
#[test]
fn so_is_every_public_type_of_mim() {
    use sddl_authz::mim;

    of::<mim::ParsedRequest<'static>>();
    of::<mim::CertificateRequest>();
    of::<mim::DataItem>();
    of::<mim::DescriptorDigest>();
    of::<mim::DecisionError>();
    of::<mim::Forbidden>();
    of::<mim::ForbiddenReason>();
    of::<mim::Outcome>();
    of::<mim::Permit>();
    of::<mim::PermitError>();
    of::<mim::PolicyError>();
    of::<mim::PolicyRules>();
    of::<mim::Property<String>>();
    of::<mim::Preview>();
    of::<mim::Previews>();
    of::<mim::RequestStatus>();
    of::<mim::RequestType>();
    of::<mim::RequestView<'static>>();
    of::<mim::Rule>();
    of::<mim::StatusChange>();
    of::<mim::StatusChangePolicy>();
    of::<mim::StatusUpdate>();
    of::<mim::ParseStatusChangeError>();
    of::<mim::Unchanged>();
    // With serde, which MIM brings.
    of::<render::ExplanationJson<'static>>();
}

#[cfg(feature = "toml")]
#[test]
fn so_is_what_is_wrong_with_a_policy() {
    use sddl_authz::{central_policy, mim};

    of::<central_policy::CentralPolicyFileError>();
    of::<mim::PolicyTextError>();
}

#[cfg(feature = "listing")]
#[test]
fn so_is_a_batch() {
    use sddl_authz::batch;

    of::<batch::Batch>();
    of::<batch::Dictionary<sddl::ParseError>>();
}

/// The layer and the name of each `pub struct` and `pub enum` in the source.
fn public_types() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![(root, String::new())];
    let mut found = Vec::new();
    while let Some((folder, layer)) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // `mim::http` is an adapter as `http` is.
            let layer = if layer.is_empty() || name == "http" {
                name
            } else {
                layer.clone()
            };
            if path.is_dir() {
                folders.push((path, layer));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            let declared = source.lines().filter_map(|line| {
                let line = line.trim_start();
                let name = line
                    .strip_prefix("pub struct ")
                    .or_else(|| line.strip_prefix("pub enum "))?;
                name.split(|character: char| !character.is_alphanumeric())
                    .next()
                    .map(str::to_owned)
            });
            found.extend(declared.map(|name| match layer.as_str() {
                "span" => name,
                layer => format!("{layer}::{name}"),
            }));
        }
    }
    found
}

#[test]
fn no_public_type_is_forgotten() {
    let own = include_str!("auto_traits.rs");
    let types = public_types();
    assert!(types.len() > 80, "the source was not found");
    let listed = |name: &String| [">", "<"].iter().any(|end| own.contains(&format!("of::<{name}{end}")));
    // The adapters for HTTP have their own tests.
    let elsewhere = |name: &String| name.starts_with("http::");
    let forgotten: Vec<&String> = types.iter().filter(|name| !listed(name) && !elsewhere(name)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
