//! Sealed values that somebody changed, made up, or brought to another place than they were sealed for: none opens.

use domain::Code;
use sea_orm::EntityTrait;
use serde_json::Value;

use super::{code_of, enter, sealed};
use crate::{
    sign_in::{credential, device::Device, link, password_step, step},
    store::sign_in::link::row,
    testing::{Forger, number, sign_in::PASSWORD},
};

crate::on_every_database!(no_forged_sealed_value_opens, world, {
    let ada = world.person("Ada").await;
    let root = world.administrator("Root").await;
    let mine = world.with_credentials(ada, "ada").await;
    world.with_credentials(root, "root").await;
    let signed_in = world.signed_in("ada").await;
    let ctx = world.ctx_of(&signed_in.tokens).await;
    let factor = credential::begin_factor(&world.engine, &ctx).await.unwrap().sealed;
    let purpose = domain::sign_in::LinkPurpose::Invitation;
    let made = link::make(&world.engine, &world.ctx(root), ada, purpose).await.unwrap();
    let token = made.url.rsplit('/').next().unwrap().to_owned();
    let password = secrecy::SecretString::from(PASSWORD);
    let given = link::BeginLink { password: Some(password), ..Default::default() };
    let begun = link::begin(&world.engine, &world.stranger(), &token, given).await.unwrap().sealed;
    let link = row::Entity::find().one(world.engine.readers()).await.unwrap().unwrap().id;
    let step = sealed(&world, "ada").await;
    let places = [
        (password_step::PLACE.to_owned(), step.clone()),
        ("device".to_owned(), signed_in.device.clone()),
        (format!("step/factor/{mine}"), factor),
        (format!("step/link/{link}"), begun),
    ];
    let open = |place: &str, sealed: &str| step::open::<Value>(&world.engine, place, sealed);
    for (at, (place, _)) in places.iter().enumerate() {
        for (of, (_, sealed)) in places.iter().enumerate() {
            assert_eq!(
                open(place, sealed).is_some(),
                at == of,
                "what is sealed for one place opens there: {place}"
            );
        }
    }
    let seed = number("STINT_FORGED_SEED", 1);
    let forger = Forger::new(seed);
    let count = usize::try_from(number("STINT_FORGED", 3_000)).unwrap();
    for number in 0..count {
        let ((place, good), (_, other)) = (forger.one_of(&places), forger.one_of(&places));
        let forged = forger.changed(good, other);
        if places.iter().any(|(_, good)| *good == forged) {
            continue;
        }
        assert!(open(place, &forged).is_none(), "seed {seed}, number {number}, {place}: {forged}");
        if number % 16 == 0 {
            assert!(Device::known(&world.engine, Some(&forged), mine).is_none(), "{forged}");
            assert_eq!(
                code_of(enter(&world, &forged, &world.code("ada")).await),
                Code::StepExpired,
                "{forged}"
            );
        }
    }
    world.advance(domain::Span::seconds(30));
    enter(&world, &step, &world.code("ada")).await.unwrap();
    println!("sealed values, none opened: {count}");
    world.engine.close().await;
});
