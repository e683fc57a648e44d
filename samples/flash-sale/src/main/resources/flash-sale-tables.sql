drop table if exists flash_sale_order;
drop table if exists flash_sale_product;

create table flash_sale_product (
    id varchar(40) primary key,
    stock integer not null,
    -- Fencing token of the latest write: a write with a smaller one comes too late and is refused.
    last_token bigint not null
);

create table flash_sale_order (
    id bigint generated always as identity primary key,
    product_id varchar(40) not null references flash_sale_product (id),
    customer varchar(40) not null,
    fencing_token bigint not null
);
